/** `evenhand explain`: for the planner. */
import { explain } from '../../engine/index.js';
import { InputError, loadAllocation, scenarioOf } from './input.js';

export interface ExplainFlags {
  region?: string;
  resource?: string;
  scenario?: string;
  data: string;
  json: boolean;
}

export async function explainCommand(file: string, flags: ExplainFlags): Promise<number> {
  const allocation = await loadAllocation(file);
  const scenario = await scenarioOf(allocation, flags.scenario, flags.data);
  const query = {
    ...(flags.region ? { region: flags.region } : {}),
    ...(flags.resource ? { resource: flags.resource } : {}),
  };
  let explanation: ReturnType<typeof explain>;
  try {
    explanation = explain(allocation, scenario, query);
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
  console.log(flags.json ? JSON.stringify(explanation) : explanation.sentences.join('\n'));
  return 0;
}
