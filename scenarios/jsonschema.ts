/** The JSON Schema of the scenario file, for editors that complete and explain while one types. */
import { z } from 'zod';
import { scenarioSchema } from './schema.js';

/** A name, not an address: nothing is fetched. */
const SCHEMA_ID = 'urn:evenhand:scenario:1';

/**
 * JSON Schema, draft 2020-12, of a scenario file (a new object each time). It states all that one field can get
 * wrong; references between fields and whole lots are checked by `checkScenario` only.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  // zod moves a root that has an id into $defs, so the id is set afterwards.
  const { $schema, ...schema } = z.toJSONSchema(scenarioSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: SCHEMA_ID, title: 'Evenhand scenario', ...schema };
}
