/** What the sources say in wordings, read with the compiler; and what they still say in plain English where a person is refused. */
import { fileURLToPath } from 'node:url';
import type { Node } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  isTaggedTemplateExpression,
  isTemplateExpression,
} from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';

export interface Wordings {
  /** The files of each pattern, from the root. */
  patterns: Map<string, string[]>;
  /** Words that no other language can say, each with its file. */
  plain: string[];
  /** What the fields of formats mean, as their schemas say it to authors and to JSON Schema. */
  descriptions: Set<string>;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FLOORS = /^(scenarios|engine|server)\//;
/** Errors that a person is answered with. */
const ANSWERED = ['ProblemError', 'LedgerRefusal'];

export function readWordings(): Wordings {
  const found: Wordings = { patterns: new Map(), plain: [], descriptions: new Set() };
  const api = new API({ cwd: ROOT });
  try {
    const [project] = api.updateSnapshot({ openProject: `${ROOT}tsconfig.json` }).getProjects();
    for (const path of project?.rootFiles ?? []) {
      const file = path.slice(ROOT.length);
      const source = FLOORS.test(file) ? project?.program.getSourceFile(path) : undefined;
      if (source) visit(source, file, found);
    }
  } finally {
    api.close();
  }
  return found;
}

function visit(node: Node, file: string, found: Wordings): void {
  if (isTaggedTemplateExpression(node) && isIdentifier(node.tag) && node.tag.text === 'wording') {
    const pattern = patternOf(node.template);
    found.patterns.set(pattern, [...(found.patterns.get(pattern) ?? []), file]);
  }
  if (isNewExpression(node) && isIdentifier(node.expression) && ANSWERED.includes(node.expression.text)) {
    const words = node.arguments?.[1];
    if (words && (isStringLiteral(words) || isTemplateExpression(words) || isNoSubstitutionTemplateLiteral(words)))
      found.plain.push(`${file}: ${words.getText()}`);
  }
  if (file.startsWith('scenarios/') && isCallExpression(node) && isPropertyAccessExpression(node.expression)) {
    const [said] = node.arguments;
    if (node.expression.name.text === 'describe' && said && isStringLiteral(said)) found.descriptions.add(said.text);
  }
  node.forEachChild((child) => visit(child, file, found));
}

/** As the tag makes it of its parts (scenarios/wording.ts). */
function patternOf(template: Node): string {
  if (isNoSubstitutionTemplateLiteral(template)) return template.text;
  if (!isTemplateExpression(template)) throw new Error('a tag has a template');
  return template.templateSpans.reduce((text, { literal }, i) => `${text}{${i}}${literal.text}`, template.head.text);
}

export const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();
