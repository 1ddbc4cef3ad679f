/** `evenhand sign` and `evenhand token`: in whose name something is sent. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type Draft, draftSchema, roleNames, signDraft } from '../ledger/index.js';
import { listTokens, newToken, revokeToken } from '../tokens.js';
import { InputError } from './input.js';
import { circumstances, listed, signerOf } from './organisations.js';
import { table } from './text.js';

/** Signs a draft with an organisation's key, says on stderr what was signed, and prints or writes what to send. */
export async function signCommand(file: string, flags: { key?: string; out?: string }): Promise<number> {
  const signer = await signerOf(flags.key, undefined, 'sign');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const draft = draftSchema.safeParse(value);
  if (!draft.success) {
    const places = draft.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('; ');
    throw new InputError(`${file} is no draft (${places}): POST /adoptions/draft answers with one`);
  }
  const document = signDraft(draft.data, signer, { ...circumstances(), salt: randomBytes(32) });
  console.error(`${signer.name} ${signedWords(draft.data)} on ${draft.data.log}`);
  const text = `${JSON.stringify(document)}\n`;
  if (flags.out === undefined) process.stdout.write(text);
  else await writeFile(flags.out, text);
  return 0;
}

/** What whoever signs says. */
function signedWords({ kind, content }: Draft): string {
  switch (kind) {
    case 'adoption':
      return `adopts allocation ${content.allocation}: ${content.by}: ${content.why}`;
    case 'verification':
      return `says that report ${content.report} is ${content.verdict}: ${content.by}: ${content.why}`;
    case 'amendment':
      return `amends scenario ${content.parent} to ${content.scenario} by ${content.reports.length} report${content.reports.length === 1 ? '' : 's'}`;
  }
}

/** `token NAME --role ROLE`, `token list`, `token revoke ID`. A running server takes notice at once. */
export async function tokenCommand(
  words: string[],
  flags: { data: string; role?: string; json: boolean },
): Promise<number> {
  const [name = '', id] = words;
  if (name === 'list') return await list(flags.data, flags.json);
  if (name === 'revoke') {
    if (id === undefined || !(await revokeToken(flags.data, id, new Date())))
      throw new InputError(`token revoke ${id ?? 'ID'}: there is no such token; evenhand token list shows them`);
    console.log(`The token ${id} is refused from now on.`);
    return 0;
  }
  const role = roleNames.find((known) => known === flags.role);
  if (!role) throw new InputError(`token ${name}: give --role, one of ${roleNames.join(', ')}`);
  const roles = (await listed(flags.data)).find((org) => org.name === name)?.roles;
  if (!roles) throw new InputError(`token ${name}: no such organisation is on the record; evenhand org add ${name}`);
  if (!roles.includes(role))
    throw new InputError(
      `token ${name}: the organisation is ${roles.join(', ')}, not ${role}; evenhand org roles changes that`,
    );
  const { token, id: made } = await newToken(flags.data, name, role, new Date());
  console.error(`Token ${made} of ${name} as ${role}. It is shown this once; only its hash is kept.`);
  console.log(token);
  return 0;
}

async function list(data: string, json: boolean): Promise<number> {
  const tokens = await listTokens(data);
  if (json) console.log(JSON.stringify({ tokens }));
  else if (tokens.length === 0) console.log('There are no tokens: evenhand token NAME --role ROLE');
  else
    console.log(
      table(
        ['token', 'organisation', 'role', 'made', 'revoked'],
        tokens.map(({ id, org, role, created, revoked }) => [id, org, role, created, revoked ?? '']),
      ),
    );
  return 0;
}
