/** The API's document: valid OpenAPI 3.1, an example for every body and answer, and answers that are as it says. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { closePool } from '../engine/index.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { makeDir, startServer, type TestServer } from './support/http.js';

interface Media {
  schema: { $ref?: string; examples?: unknown[] };
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  summary?: string;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Media['schema']> };
}

describe('the OpenAPI document', () => {
  let server: TestServer;
  let document: Document;
  let compile: (schema: object) => ValidateFunction;
  before(async () => {
    server = await startServer(await makeDir());
    document = (await server.get('/openapi.json')).json<Document>();
    // The document is the root in which references are looked up; formats are described, not checked.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    const { components } = document;
    compile = (schema) => ajv.compile({ ...schema, components });
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });

  function media(): [string, string, Media][] {
    return Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody, responses }]) => {
        const parts = [['body', requestBody] as const, ...Object.entries(responses)];
        return parts.flatMap(([name, part]) =>
          Object.entries(part?.content ?? {}).map(([type, m]): [string, string, Media] => [
            `${method} ${path} ${name}`,
            type,
            m,
          ]),
        );
      }),
    );
  }

  function examplesOf({ schema, example, examples }: Media): unknown[] {
    if (example !== undefined) return [example];
    if (examples !== undefined) return Object.values(examples).map(({ value }) => value);
    const name = schema.$ref?.split('/').at(-1);
    return (name === undefined ? schema : document.components.schemas[name])?.examples ?? [];
  }

  it('is valid OpenAPI 3.1', async () => {
    assert.match(document.openapi, /^3\.1\./);
    const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
    assert.ok(valid, JSON.stringify(errors));
  });

  it('has an example for every body and every answer, and each is as its schema says', () => {
    let count = 0;
    for (const [where, type, part] of media()) {
      // Bytes have no example in JSON.
      if (/octet-stream$|^image\/|\/zip$|spreadsheetml|vnd\.evenhand\.plan/.test(type)) continue;
      const examples = examplesOf(part);
      assert.ok(examples.length > 0, `${where} (${type}) has no example`);
      const validate = compile(part.schema);
      for (const example of examples) {
        count++;
        assert.ok(validate(example), `${where}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
      }
    }
    assert.ok(count > 100, `${count} examples`);
  });

  it('describes every route, with the refusals it can answer', () => {
    for (const [path, operations] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(operations)) {
        assert.ok(operation.summary, `${method} ${path}`);
        assert.ok(operation.responses['429'] && operation.responses['500'], `${method} ${path}`);
      }
    for (const path of ['/scenarios', '/allocations', '/frontiers', '/comparisons', '/adoptions'])
      for (const status of ['400', '413', '415']) assert.ok(document.paths[path]?.post?.responses[status], path);
  });

  it('is kept by the real answers', async () => {
    const job = await server.allocate({ scenario: SCENARIO, policy: 'proportional' });
    const other = await server.allocate({ scenario: SCENARIO, policy: 'efficient' });
    const twins = await server.allocate({ scenario: SCENARIO, twins: true });
    const traced = await server.trace({ scenario: SCENARIO, policy: 'balanced', dials: [1] });
    const [first, second] = [job.result?.allocation ?? '', other.result?.allocation ?? ''];
    const answers = [
      ['get', '/', '/'],
      ['get', '/healthz', '/healthz'],
      ['get', '/jobs', '/jobs'],
      ['get', '/jobs/{id}', `/jobs/${job.job}`],
      ['get', '/scenarios/{digest}', `/scenarios/${job.request.scenario}`],
      ['get', '/allocations/{digest}', `/allocations/${first}`],
      ['get', '/allocations/{digest}/explanation', `/allocations/${first}/explanation?region=lower`],
      ['get', '/allocations/{digest}', `/allocations/${twins.result?.allocation}`],
      ['get', '/jobs/{id}', `/jobs/${traced.job}`],
      ['get', '/frontiers/{id}', `/frontiers/${traced.job}`],
      ['get', '/frontiers/{id}', `/frontiers/${job.job}`],
      ['post', '/frontiers', '/frontiers', { scenario: SCENARIO, dials: [0] }],
      ['post', '/frontiers', '/frontiers', { scenario: SCENARIO, dials: [2, 2] }],
      ['get', '/allocations/{digest}/explanation', `/allocations/${first}/explanation`],
      ['get', '/allocations/{digest}/bottlenecks', `/allocations/${first}/bottlenecks?top=3`],
      ['get', '/allocations/{digest}/flows', `/allocations/${first}/flows`],
      ['get', '/allocations/{digest}/coverage', `/allocations/${first}/coverage`],
      ['get', '/ledger/entries', '/ledger/entries'],
      ['get', '/ledger/bundle', '/ledger/bundle'],
      ['get', '/ledger/proof/{seq}', '/ledger/proof/999'],
      ['post', '/comparisons', '/comparisons', { allocations: [first, second] }],
      ['post', '/adoptions', '/adoptions', { allocation: first, by: 'an office', why: 'a reason' }],
      ['get', '/adoptions', `/adoptions?allocation=${first}`],
      ['post', '/adoptions/draft', '/adoptions/draft', { allocation: first, by: 'an office', why: 'a reason' }],
      ['get', '/organisations', '/organisations'],
      ['post', '/keys', '/keys', {}],
      ['post', '/scenarios', '/scenarios', { ...SCENARIO, id: 'third' }],
      ['post', '/scenarios', '/scenarios', { evenhand: 2 }],
      ['post', '/allocations', '/allocations', { scenario: SCENARIO, policy: 'efficient', gap: 0.5 }],
    ] as const;
    for (const [method, path, url, body] of answers) {
      const answer = body === undefined ? await server.get(url) : await server.post(url, body);
      const type = String(answer.headers['content-type']).split(';')[0] ?? '';
      const part = document.paths[path]?.[method]?.responses[answer.status]?.content?.[type];
      assert.ok(part, `${method} ${path} answered ${answer.status} ${type}, which is not documented`);
      const validate = compile(part.schema);
      assert.ok(validate(answer.json()), `${method} ${path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    }
  });
});
