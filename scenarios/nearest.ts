/** Which known word was meant by a mistyped one. */
import { type Text, wording } from './wording.js';

/**
 * Edit distance with neighbouring letters swapped as one step (optimal string alignment, Damerau 1964). Where it is more than
 * `most`, something that is more than `most`: it goes no further then.
 */
export function editDistance(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
      if (best < least) least = best;
    }
    if (least > most) return least; // no row below has less, not by a swap either
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The known word nearest to a mistyped one, letter case aside, or undefined where none is near: at most one
 * letter in three may differ.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  // Words longer than any id of ours are not compared: the distance costs the product of the lengths.
  if (wanted.length > 200) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) > bestDistance) continue;
    const word = candidate.toLowerCase();
    // Of two equally near words the one that begins alike: fewer people mistype a beginning.
    const distance = editDistance(wanted, word, bestDistance) + (word[0] === wanted[0] ? 0 : 0.5);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Looking for near names among thousands costs milliseconds each, and nobody reads the suggestions of a ruin. */
const SUGGESTIONS = 100;

/** `suggest` for the first hundred unknown names of a file; the others are told what to use. */
export function suggester(): (word: string, known: () => Iterable<string>, kind: Text) => Text {
  let suggested = 0;
  return (word, known, kind) => (++suggested > SUGGESTIONS ? wording`use ${kind}` : suggest(word, known(), kind));
}

/** The mend for an unknown name: the nearest known one, or the known ones themselves where they are few. */
export function suggest(word: string, known: Iterable<string>, kind: Text): Text {
  const names = [...known];
  const near = nearest(word, names);
  if (near !== undefined) return wording`did you mean ${JSON.stringify(near)}?`;
  if (names.length === 0) return wording`state ${kind} first`;
  const few = names.slice(0, 12).map((name) => JSON.stringify(name));
  return wording`use ${kind}: ${few.join(', ')}${names.length > few.length ? ', …' : ''}`;
}
