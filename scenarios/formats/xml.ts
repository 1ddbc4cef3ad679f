/**
 * The XML that spreadsheets are made of, piece by piece: elements, attributes and text, well-formed or refused. There is no
 * document type, so no entity can grow and nothing is fetched (XML 1.0, fifth edition, section 4; "billion laughs").
 */
import { type Wording, wording } from '../wording.js';
import { FormatError } from './limits.js';

export interface Handlers {
  /** `name` without its prefix; `tag` is the inside of the tag, for `attribute`. */
  open(name: string, tag: string): void;
  text?(text: string): void;
  close(name: string): void;
}

/** No tag of a spreadsheet is longer. */
const LONGEST_TAG = 1 << 20;
/** No reference to a character is longer, nor what begins a comment or a section of characters. */
const LONGEST_MARK = 12;
const DEEPEST = 64;

export interface XmlReader {
  push(piece: Uint8Array, last: boolean): void;
}

/** Reads UTF-8 XML; `part` names it in messages. Throws FormatError. */
export function xmlReader(part: string, on: Handlers): XmlReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const stack: string[] = [];
  let rest = '';
  let waiting = '';
  let roots = 0;
  const fail = (why: Wording) =>
    new FormatError(wording`${part} is not well-formed XML (${why}): save the file again.`);
  const tag = (inside: string) => {
    if (inside.charCodeAt(0) === SLASH) {
      const name = plainName(inside.slice(1).trimEnd());
      if (stack.pop() !== name) throw fail(wording`</${name}> closes nothing`);
      on.close(name);
      return;
    }
    const empty = inside.charCodeAt(inside.length - 1) === SLASH;
    const name = plainName(nameOf(inside, empty));
    if (name === '') throw fail(wording`a tag without a name`);
    if (stack.length === 0 && roots++ > 0) throw fail(wording`a second root`);
    on.open(name, inside);
    if (empty) on.close(name);
    else if (stack.push(name) > DEEPEST) throw fail(wording`nested over ${DEEPEST} levels deep`);
  };
  const text = (raw: string) => {
    if (stack.length > 0) on.text?.(decoded(raw, fail));
    else if (raw.trim() !== '' && raw !== '\uFEFF') throw fail(wording`text outside of the root`);
  };
  const consume = (all: string): string => {
    let at = 0;
    for (;;) {
      const open = all.indexOf('<', at);
      if (open < 0) {
        const end = wholeText(all, at);
        if (end > at) text(all.slice(at, end));
        return all.slice(end);
      }
      const mark = all.startsWith('<!--', open) ? '-->' : all.startsWith('<![CDATA[', open) ? ']]>' : '>';
      // what may still become a comment is left until it is known
      if (mark === '>' && all.length - open < 9 && '<![CDATA['.startsWith(all.slice(open, open + 9)))
        return all.slice(at);
      const close = mark === '>' ? endOfTag(all, open) : all.indexOf(mark, open);
      if (close < 0) {
        if (all.length - open > LONGEST_TAG) throw fail(wording`a tag that does not end`);
        return all.slice(at);
      }
      if (open > at) text(all.slice(at, open));
      if (mark === ']]>') on.text?.(all.slice(open + 9, close));
      else if (mark === '>') {
        const second = all.charCodeAt(open + 1);
        if (second === BANG)
          throw new FormatError(wording`${part} has a document type, which no spreadsheet needs: it is not read.`);
        if (second !== QUESTION) tag(all.slice(open + 1, close));
      }
      at = close + mark.length;
    }
  };
  return {
    push(piece, last) {
      let decodedPiece: string;
      try {
        decodedPiece = decoder.decode(piece, { stream: !last });
      } catch {
        throw fail(wording`it is not UTF-8`);
      }
      waiting += decodedPiece;
      // a tag that does not end yet is looked at again only when as much has come once more, so that it costs no square
      if (!last && waiting.length < rest.length) return;
      rest = consume(rest + waiting);
      waiting = '';
      if (!last) return;
      if (stack.length > 0 || roots === 0 || rest.trim() !== '') throw fail(wording`it breaks off`);
    },
  };
}

const [SLASH, BANG, QUESTION, QUOTE, APOSTROPHE, GREATER, AMPERSAND, RETURN] = [47, 33, 63, 34, 39, 62, 38, 13];

/** Where a text that goes on is cut: not within a reference, nor between the two characters of a line's end. */
function wholeText(all: string, at: number): number {
  for (let i = Math.max(at, all.length - LONGEST_MARK); i < all.length; i++) {
    const c = all.charCodeAt(i);
    if (c === AMPERSAND || (c === RETURN && i === all.length - 1)) return i;
  }
  return all.length;
}

/** The > that ends a tag: not one within quotes. */
function endOfTag(all: string, open: number): number {
  const close = all.indexOf('>', open);
  if (close < 0) return -1;
  let quote = 0;
  let quoted = false;
  for (let i = open + 1; i < all.length; i++) {
    const c = all.charCodeAt(i);
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === QUOTE || c === APOSTROPHE) {
      quote = c;
      quoted = true;
    } else if (c === GREATER) return i;
    if (!quoted && i > close) return close;
  }
  return -1;
}

function nameOf(inside: string, empty: boolean): string {
  const end = inside.search(/[\s/]/);
  return end < 0 ? (empty ? inside.slice(0, -1) : inside) : inside.slice(0, end);
}

const plainName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An attribute of a tag by its name without prefix; undefined where it has none. */
export function attribute(tag: string, name: string): string | undefined {
  for (let from = 0; ; ) {
    const at = tag.indexOf(name, from);
    if (at < 0) return undefined;
    from = at + name.length;
    const before = tag.charCodeAt(at - 1);
    if (before !== 32 && before !== 58 && before !== 10 && before !== 13 && before !== 9) continue;
    let i = from;
    while (tag.charCodeAt(i) <= 32) i++;
    if (tag.charCodeAt(i) !== 61) continue;
    i++;
    while (tag.charCodeAt(i) <= 32) i++;
    const quote = tag[i];
    if (quote !== '"' && quote !== "'") continue;
    const end = tag.indexOf(quote, i + 1);
    if (end < 0) return undefined;
    return decoded(
      tag.slice(i + 1, end),
      () => new FormatError(wording`An attribute has an unknown entity: save the file again.`),
    );
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(raw: string, fail: (why: Wording) => Error): string {
  // line ends are those of the parser (XML 1.0, section 2.11); a carriage return that is meant comes as a reference
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4})?;?/g, (all, name: string | undefined) => {
    if (name === undefined || !all.endsWith(';')) throw fail(wording`an ampersand alone`);
    if (name[0] !== '#') {
      const character = ENTITIES[name];
      if (character === undefined) throw fail(wording`an entity &${name};`);
      return character;
    }
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw fail(wording`a reference to no character`);
    return String.fromCodePoint(code);
  });
}

/** A text within an element; what XML has no characters for as _x0001_ (ECMA-376 part 1, 22.9.2.19). */
export const xmlText = (text: string): string =>
  text.replace(/[&<>\r]|(?![\n\t])\p{Cc}|\p{Cs}|_(?=x[0-9a-fA-F]{4}_)/gu, (c) => {
    const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }[c];
    return named ?? `_x${c.charCodeAt(0).toString(16).padStart(4, '0')}_`;
  });
