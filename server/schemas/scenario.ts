/** The scenario format in the API's document. */
import { scenarioSchema } from '../../scenarios/index.js';
import { SCENARIO } from './examples.js';

/** A copy, so that the name in the document is no business of the format. */
export const scenarioDocument = scenarioSchema.meta({ id: 'Scenario', examples: [SCENARIO] });
