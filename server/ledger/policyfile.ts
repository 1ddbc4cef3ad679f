/** A policy in a file, with its faults told as they are to people. */
import { readFile } from 'node:fs/promises';
import { LedgerUnusable } from './errors.js';
import { messageOf } from './messages.js';
import { readPolicy, type TlogPolicy } from './policy.js';

/** Throws LedgerUnusable, with the line at fault, where there is no such file or it is no policy. */
export async function readPolicyFile(path: string): Promise<TlogPolicy> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new LedgerUnusable(`the file of witnesses ${path} cannot be read: ${messageOf(error)}`);
  }
  const read = readPolicy(text);
  if (read.ok) return read.policy;
  throw new LedgerUnusable(`the file of witnesses ${read.line ? `${path}, line ${read.line}` : path}: ${read.what}`);
}
