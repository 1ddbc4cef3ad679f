/** Who is asking: a bearer token of an organisation, its role, and whether that suffices for the route. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { oneOf, type Text, wording } from '../scenarios/wording.js';
import { keysInForce, type LocalLedger, type Role } from './ledger/index.js';
import { ProblemError } from './problem.js';
import { rolesFor } from './roles.js';
import { problems } from './schemas/problem.js';
import { holderOf } from './tokens.js';

export interface Author {
  org: string;
  role: Role;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody has to say who they are. */
    author: Author | null;
  }
}

export const securityScheme = {
  type: 'http',
  scheme: 'bearer',
  description:
    'A token from `evenhand token NAME --role ROLE`. Needed once an organisation is on the record; until then only this machine is answered.',
} as const;

/** To be called before the routes are registered: it notes in the document what each of them asks for. */
export function authenticate(app: FastifyInstance, ledger: LocalLedger, data: string): void {
  app.decorateRequest('author', null);
  app.addHook('onRoute', (route) => {
    const methods = typeof route.method === 'string' ? [route.method] : route.method;
    if (!methods.some((method) => rolesFor(method, route.url) !== undefined) || !route.schema) return;
    const { 401: unauthorised, 403: forbidden } = problems('unauthorised', 'forbidden');
    const response = { ...Object(route.schema.response), 401: unauthorised, 403: forbidden };
    route.schema = { ...route.schema, security: [{ token: [] }], response };
  });
  app.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    const roles = url === undefined ? undefined : rolesFor(request.method, url);
    if (roles === undefined || ledger.organisations().length === 0) return;
    request.author = await authorOf(request, ledger, data);
    const { org, role } = request.author;
    if (!roles.includes(role))
      throw new ProblemError(
        'forbidden',
        wording`${org} asks as ${role}; ${`${request.method} ${url}`} is for ${anyOf(roles)}.`,
      );
  });
}

async function authorOf({ headers }: FastifyRequest, ledger: LocalLedger, data: string): Promise<Author> {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined)
    throw new ProblemError(
      'unauthorised',
      wording`Send "Authorization: Bearer TOKEN"; whoever keeps the server makes one: evenhand token NAME --role ROLE.`,
    );
  const holder = await holderOf(data, token);
  if (!holder) throw new ProblemError('unauthorised', wording`This token is unknown or was revoked.`);
  const { org, role } = holder;
  const known = ledger.organisations().find(({ name }) => name === org);
  // The record may have taken from the organisation what the token was made for.
  if (!known || keysInForce(known, ledger.size()).length === 0)
    throw new ProblemError('forbidden', wording`${org} has no key on the record that still holds.`);
  if (!known.roles.includes(role)) throw new ProblemError('forbidden', wording`${org} is no ${role} any more.`);
  return { org, role };
}

const anyOf = (roles: readonly Role[]): Text => (roles.length === 0 ? wording`nobody` : oneOf(roles));

/** In whose name something is recorded. */
export function inNameOf({ author }: FastifyRequest): { org?: string } {
  return author === null ? {} : { org: author.org };
}

/** Two organisations may choose the same key; the blank cannot be part of one. */
export function keyOf({ author }: FastifyRequest, key: string | undefined): string | undefined {
  return author === null || key === undefined ? key : `${author.org} ${key}`;
}
