/** Wordings as translators meet them: the patterns in sources, and a language in which no word is one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inLanguage, type Text } from '../../scenarios/wording.js';

/** The English patterns in the sources of a folder, each once, in the order in which files and lines are read. */
export function patternsIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return [...new Set(files.sort().flatMap((name) => patternsOf(readFileSync(join(folder, name), 'utf8'))))];
}

export const patternsOf = (source: string): string[] =>
  [...source.matchAll(/\bwording`/g)].map(({ 0: tag, index }) => template(source, index + tag.length).pattern);

/** A template from behind its first backtick to behind its last one, its expressions as {0}, {1}, … */
function template(source: string, from: number): { pattern: string; end: number } {
  let pattern = '';
  let values = 0;
  for (let i = from; i < source.length; i++)
    if (source[i] === '`') return { pattern, end: i + 1 };
    else if (source[i] === '\\') pattern += source[++i];
    else if (source.startsWith('${', i)) {
      pattern += `{${values++}}`;
      i = endOfExpression(source, i + 2) - 1;
    } else pattern += source[i];
  throw new Error(`a template without end: ${source.slice(from, from + 60)}`);
}

function endOfExpression(source: string, from: number): number {
  let depth = 0;
  for (let i = from; i < source.length; i++)
    if (source[i] === '`') i = template(source, i + 1).end - 1;
    else if (source[i] === "'") i = source.indexOf("'", i + 1);
    else if (source[i] === '{') depth++;
    else if (source[i] === '}' && depth-- === 0) return i + 1;
  throw new Error(`an expression without end: ${source.slice(from, from + 60)}`);
}

/** A text whose own words are dots: letters that are left are those of the file, or words that nobody can translate. */
export const dotted = (text: Text): string =>
  inLanguage(text, (pattern) => pattern.replace(/\{\d+\}|\p{L}/gu, (part) => (part[0] === '{' ? part : '·')));
