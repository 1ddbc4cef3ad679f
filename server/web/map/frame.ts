/** Room around the places of a map for their surroundings, which reach further out than the places. */
import type { Point } from './cells.js';
import { type Box, ends, type Move, type Ring } from './mercator.js';

/** Places do not come closer together than that to make room: what still sticks out is cut at the frame. */
const LEAST = 0.8;

/** Moves a picture so that its rings lie in the frame, its places in the box within it. */
export function makeRoom(places: readonly Point[], rings: readonly (Ring | null)[], box: Box, frame: Box): Move {
  const corners = rings.flatMap((ring) => ring ?? []);
  const along = (n: 0 | 1) => {
    const at = places.map(({ x, y }) => (n === 0 ? x : y));
    return { own: ends(at), all: ends([...at, ...corners.map((corner) => corner[n] ?? 0)]) };
  };
  const [across, down] = [along(0), along(1)];
  const fit = (n: 0 | 1, [first, last]: readonly number[]) => (frame[n + 2]! - frame[n]!) / (last! - first!);
  const by = Math.max(LEAST, Math.min(1, fit(0, across.all), fit(1, down.all)));
  const shift = (n: 0 | 1, { own, all }: typeof across) => {
    const middle = (frame[n]! + frame[n + 2]! - by * (all[0] + all[1])) / 2;
    return Math.max(box[n]! - by * own[0], Math.min(box[n + 2]! - by * own[1], middle));
  };
  return { by, dx: shift(0, across), dy: shift(1, down) };
}
