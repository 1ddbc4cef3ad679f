/** The JSON Schema that editors use says the same as the schema that the engine uses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { caseNames, generate, readCase, scenarioJsonSchema, scenarioSchema } from '../scenarios/index.js';

// The formats are patterns in the schema too, so ajv needs no knowledge of them.
const accepts = new Ajv2020({ strict: true, validateFormats: false }).compile(scenarioJsonSchema());

test('it is draft 2020-12, has an id, explains fields and refuses unknown ones', () => {
  const schema = scenarioJsonSchema();
  assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
  assert.equal(schema.$id, 'urn:evenhand:scenario:1');
  assert.equal(schema.additionalProperties, false);
  assert.match(JSON.stringify(schema.properties), /kilograms a unit/);
});

test('it accepts the built-in cases, generated ones, and a pointer to itself', () => {
  for (const scenario of [...caseNames().map(readCase), generate('tiny', 1), generate('district', 2)]) {
    assert.ok(accepts(scenario), JSON.stringify(accepts.errors));
    assert.ok(accepts({ $schema: './scenario.schema.json', ...scenario }));
  }
});

test('it agrees with zod on broken cases', () => {
  const text = JSON.stringify(readCase('two-valleys'));
  const values = fc.constantFrom<unknown>(
    null,
    -1,
    0,
    0.5,
    1,
    2.5,
    Number.POSITIVE_INFINITY,
    'x',
    '',
    [],
    [1],
    {},
    { a: 1 },
    true,
    'balanced',
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(), values, fc.constantFrom('change', 'drop', 'add'), (at, value, how) => {
      const scenario: unknown = JSON.parse(text);
      const places: [object, string][] = [];
      const walk = (node: unknown): void => {
        if (typeof node !== 'object' || node === null) return;
        for (const [key, child] of Object.entries(node)) {
          places.push([node, key]);
          walk(child);
        }
      };
      walk(scenario);
      const [holder, key] = places[at % places.length]!;
      if (how === 'drop' && !Array.isArray(holder)) Reflect.deleteProperty(holder, key);
      else if (how === 'add' && !Array.isArray(holder)) Reflect.set(holder, `${key}2`, value);
      else Reflect.set(holder, key, value);
      const zod = scenarioSchema.safeParse(scenario).success;
      if (!zod) refused++;
      assert.equal(accepts(scenario), zod, `${how} ${key}`);
    }),
    { numRuns: 2000 },
  );
  assert.ok(refused > 500, 'most breaks are breaks');
});
