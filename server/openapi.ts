/** The API's own document: OpenAPI 3.1 from the routes' schemas, and a page to read it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { securityScheme } from './auth.js';
import { version } from './version.js';

const TAGS = [
  { name: 'scenarios', description: 'What is asked: stock, needs, routes, policy' },
  { name: 'allocations', description: 'Who gets what, with the proof of how good that is' },
  { name: 'reports', description: 'What is seen in the field, who vouches for it, and what it changes' },
  { name: 'jobs', description: 'Solves on their way' },
  { name: 'ledger', description: 'The record, in formats that strangers verify offline (C2SP)' },
  { name: 'organisations', description: 'Who signs, and with which key' },
  { name: 'server', description: 'This server' },
];

/** Each named schema comes as input and as output; only those that something refers to are of use to a reader. */
function withoutUnused<D extends object>(document: D): D {
  if (!('components' in document)) return document;
  const components = Object(document.components);
  const text = JSON.stringify(document);
  const used = Object.entries(Object(components.schemas)).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  return { ...document, components: { ...components, schemas: Object.fromEntries(used) } };
}

/** To be registered before the routes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Evenhand',
        version,
        description:
          'Shares out scarce relief goods fairly, proves how good each allocation is, and records every one. Problems, and why a job failed, are said in English, French or Chinese, as `Accept-Language` asks (RFC 9457, section 3.1); nothing else depends on it.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: { securitySchemes: { token: securityScheme } },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { target: 'draft-2020-12' } }),
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
    // JSON Schema has `const`; rewriting it to `enum` is for OpenAPI 3.0.
    convertConstToEnum: false,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { url: '/openapi.json', defaultModelsExpandDepth: 0, validatorUrl: null },
    // The page styles itself by script, so it needs more than the API does; still nothing from elsewhere.
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
