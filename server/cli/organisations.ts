/** `evenhand org`: organisations and their keys, put on the record by whoever keeps the ledger or signed at home. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { toBase64 } from '../ledger/bytes.js';
import { readIfThere } from '../ledger/files.js';
import {
  type KeyBody,
  LedgerHeld,
  LedgerRefusal,
  type LocalLedger,
  openLedger,
  organisationViews,
  parseVerifierKey,
  type Receipt,
  type Role,
  revocationReasons,
  roleNames,
  type Signer,
  signChange,
  usualOverlap,
} from '../ledger/index.js';
import { orgName } from '../ledger/keybody.js';
import { type LogKey, newLogKey, readLogKey, writeLogKey } from '../ledger/keys.js';
import { InputError } from './input.js';
import { table } from './text.js';

export interface OrgFlags {
  data: string;
  json: boolean;
  roles?: string;
  key?: string;
  out?: string;
  overlap?: string;
  reason?: string;
  /** Signs for that log and prints, in the place of recording in `data`. */
  log?: string;
}

/** Words after `org`. */
export async function orgCommand([verb = '', name, id]: string[], flags: OrgFlags): Promise<number> {
  if (verb === 'list') return await list(flags);
  const verbs: Record<string, (name: string, flags: OrgFlags, id: string | undefined) => Promise<number>> = {
    ...{ add, rotate, revoke, roles: setRoles },
  };
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run) throw new InputError(`org ${verb}: expected add, list, rotate, revoke or roles`);
  if (name === undefined) throw new InputError(`org ${verb}: name the organisation`);
  if (!orgName.safeParse(name).success)
    throw new InputError(
      `org ${verb} ${name}: a name has lower-case letters, digits and ._/- and at most 100 characters`,
    );
  return await run(name, flags, id);
}

async function add(name: string, flags: OrgFlags): Promise<number> {
  const roles = rolesOf(flags.roles ?? 'planner');
  if (flags.key !== undefined) {
    // Public alone: that its holder has the secret shows with the first signature.
    const key = await publicKeyOf(flags.key, name);
    const body: KeyBody = { change: 'add', org: name, keyId: key.id, publicKey: toBase64(key.publicKey), roles };
    return await inLedger(flags.data, async (ledger) =>
      said(await ledger.recordKey(body), `${name} has the key ${key.id}`),
    );
  }
  const file = flags.out ?? fileOf(name);
  mustBeFree(file);
  const key = newLogKey(name);
  const body: KeyBody = { change: 'add', org: name, keyId: key.id, publicKey: toBase64(key.publicKey), roles };
  return await inLedger(flags.data, async (ledger) => {
    // On the disk before it is on the record, so that no key is registered that nobody has.
    await writeLogKey(file, key);
    const document = signChange(ledger.log, body, key, circumstances());
    const receipt = await unlessRefused(file, ledger.recordSigned(document, true));
    said(receipt, `${name} (${roles.join(', ')}) has the key ${key.id}`);
    console.log(`Its secret is in ${file}: hand it over and keep no copy. Verifier key: ${key.verifierKey}`);
    return 0;
  });
}

async function rotate(name: string, flags: OrgFlags): Promise<number> {
  const old = await signerOf(flags.key, name, 'org rotate');
  const overlap = Number(flags.overlap ?? usualOverlap);
  if (!(Number.isInteger(overlap) && overlap >= 0 && overlap <= 1e9))
    throw new InputError(`--overlap ${flags.overlap}: expected how many entries the old key still holds for`);
  const file = flags.out ?? `${flags.key}.next`;
  mustBeFree(file);
  const next = newLogKey(name);
  // The proof is put in by the new key.
  const publicKey = toBase64(next.publicKey);
  const body: KeyBody = { change: 'rotate', org: name, from: old.id, keyId: next.id, publicKey, overlap, proof: '' };
  const done = `${name} has the key ${next.id} (secret in ${file}); ${old.id} holds for ${overlap} entries more`;
  return await sendOrPrint(flags, body, old, done, { key: next, file });
}

async function revoke(name: string, flags: OrgFlags, id: string | undefined): Promise<number> {
  if (id === undefined || !/^[0-9a-f]{8}$/.test(id))
    throw new InputError('org revoke NAME KEYID: name the key by its eight digits; evenhand org list shows them');
  const reason = revocationReasons.find((known) => known === (flags.reason ?? 'compromised'));
  if (!reason) throw new InputError(`--reason ${flags.reason}: expected one of ${revocationReasons.join(', ')}`);
  const body: KeyBody = { change: 'revoke', org: name, keyId: id, reason };
  const done = `the key ${id} of ${name} is revoked (${reason}): what it signed before still holds`;
  if (flags.key !== undefined)
    return await sendOrPrint(flags, body, await signerOf(flags.key, name, 'org revoke'), done);
  return await inLedger(flags.data, async (ledger) => said(await ledger.recordKey(body), done));
}

async function setRoles(name: string, flags: OrgFlags): Promise<number> {
  if (flags.roles === undefined) throw new InputError(`org roles ${name}: give --roles ${roleNames.join(',')}`);
  const body: KeyBody = { change: 'roles', org: name, roles: rolesOf(flags.roles) };
  return await inLedger(flags.data, async (ledger) =>
    said(await ledger.recordKey(body), `${name} is ${body.roles.join(', ')}`),
  );
}

type Views = ReturnType<typeof organisationViews>;

async function list(flags: OrgFlags): Promise<number> {
  const organisations = await listed(flags.data);
  if (flags.json) console.log(JSON.stringify({ organisations }));
  else if (organisations.length === 0) console.log('No organisation is on the record: evenhand org add NAME');
  else
    console.log(
      table(
        ['organisation', 'roles', 'key', 'from entry', 'until entry', 'why'],
        organisations.flatMap(({ name, roles, keys }) =>
          keys.map((key) => [
            ...[name, roles.join(', '), key.id, String(key.from)],
            ...[key.until === null ? '' : String(key.until), key.ended ?? ''],
          ]),
        ),
      ),
    );
  return 0;
}

/** From the directory, or from the server that holds it. */
export async function listed(data: string): Promise<Views> {
  try {
    return await inLedger(data, async (ledger) => organisationViews(ledger.organisations()));
  } catch (error) {
    if (!(error instanceof LedgerHeld) || error.url === null) throw error;
    const answer = await fetch(`${error.url}/organisations`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw error;
    const { organisations } = (await answer.json()) as { organisations: Views }; // what GET /organisations answers
    return organisations;
  }
}

/** Records a signed change, or prints it where `--log` says that the ledger is elsewhere; a new key is on the disk before. */
async function sendOrPrint(
  flags: OrgFlags,
  body: KeyBody,
  signer: Signer,
  done: string,
  next?: { key: LogKey; file: string },
): Promise<number> {
  const signed = (log: string) => signChange(log, body, signer, circumstances(), next?.key);
  if (flags.log !== undefined) {
    if (next) await writeLogKey(next.file, next.key);
    console.log(JSON.stringify(signed(flags.log)));
    console.error(`${done}, once this is on the record: POST it to /keys`);
    return 0;
  }
  return await inLedger(flags.data, async (ledger) => {
    if (next) await writeLogKey(next.file, next.key);
    const recorded = ledger.recordSigned(signed(ledger.log));
    return said(await (next ? unlessRefused(next.file, recorded) : recorded), done);
  });
}

/** Removes the file of a key that the record has refused; after any other failure the key may be on it. */
async function unlessRefused(file: string, recorded: Promise<Receipt>): Promise<Receipt> {
  try {
    return await recorded;
  } catch (error) {
    if (error instanceof LedgerRefusal && error.detail === 'author') await rm(file);
    throw error;
  }
}

function said({ seq }: Receipt, what: string): number {
  console.log(`Entry ${seq}: ${what}.`);
  return 0;
}

export async function inLedger<T>(data: string, work: (ledger: LocalLedger) => Promise<T>): Promise<T> {
  const ledger = await openLedger(data);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

export function circumstances() {
  return { idem: randomUUID(), ts: new Date().toISOString() };
}

/** The secret key in a file, under the name of its organisation. */
export async function signerOf(file: string | undefined, name: string | undefined, command: string): Promise<Signer> {
  if (file === undefined) throw new InputError(`${command}: give --key KEYFILE, the organisation's secret key`);
  const key = await readLogKey(file);
  if (!key) throw new InputError(`--key ${file}: there is no such file`);
  if (name !== undefined && key.name !== name)
    throw new InputError(`--key ${file}: this is the key of ${key.name}, not of ${name}`);
  return key;
}

/** A verifier key, or a file that holds one. */
async function publicKeyOf(text: string, name: string) {
  const given = text.includes('+') && !existsSync(text) ? text : await readIfThere(text);
  if (given === undefined)
    throw new InputError(`--key ${text}: neither a verifier key (name+id+base64) nor a file with one`);
  const key = parseVerifierKey(given.trim());
  if (!key)
    throw new InputError(
      `--key: this is no Ed25519 verifier key, or one that is not safe (small order, not canonical)`,
    );
  if (key.name !== name) throw new InputError(`--key: this is the key of ${key.name}, not of ${name}`);
  return key;
}

function rolesOf(text: string): Role[] {
  const asked = text.split(',').map((role) => role.trim());
  for (const role of asked)
    if (!roleNames.some((known) => known === role))
      throw new InputError(`--roles ${text}: there is no role '${role}'; there are ${roleNames.join(', ')}`);
  return roleNames.filter((role) => asked.includes(role));
}

const fileOf = (name: string) => `${name.replaceAll('/', '_')}.key`;

function mustBeFree(file: string): void {
  if (existsSync(file))
    throw new InputError(`${file} exists already: name another file with --out, keys are not overwritten`);
}
