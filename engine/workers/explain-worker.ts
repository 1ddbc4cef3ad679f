/** Runs in a worker thread: the beginning of an explanation, or one change solved again. */
import type { Text } from '../../scenarios/wording.js';
import { AllocateError, type AllocateErrorKind } from '../errors.js';
import { type Beginning, type BeginTask, begin, type Changed, type ChangeTask, change } from '../explain/tasks.js';

export type ExplainOutcome =
  | Beginning
  | Changed
  /** The question does not fit the scenario. */
  | { kind: 'range'; message: string }
  | { kind: 'error'; error: AllocateErrorKind; said: Text };

export default async function explainInWorker(task: BeginTask | ChangeTask): Promise<ExplainOutcome> {
  try {
    return task.kind === 'begin' ? await begin(task) : await change(task);
  } catch (error) {
    if (error instanceof AllocateError) return { kind: 'error', error: error.kind, said: error.said };
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    return error instanceof RangeError
      ? { kind: 'range', message }
      : { kind: 'error', error: 'internal', said: message };
  }
}
