/** How things stand on the way up: who is settled, what the others can have at most, and the way back to an earlier level. */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import type { Relaxed } from './flows.js';
import { ceilings, type Draft, SAME, type State, settleFull, settleGroups } from './settle.js';

export interface View {
  /** Coverage by number in the list of pairs that each can have at most; what it has where it is settled. */
  ceiling: Float64Array;
  settled: Uint8Array;
  /** Open pairs by rising ceiling. */
  order: Int32Array;
}

/** What it takes to go back. */
export interface Mark {
  lots: Float64Array;
  relaxed: (Relaxed | null)[];
  stale: Uint8Array;
  drafts: number;
}

export interface Standing {
  drafts: Draft[];
  view(): View;
  /** Works out again what was out of date below coverage s; false where nothing was, and the view stands. */
  refresh(view: View, s: number): boolean;
  /** Settles those who cannot have more by themselves and stand below s. */
  settleBelow(view: View, s: number): void;
  /** Adds a level whose pairs are settled already. */
  add(level: Draft): void;
  mark(): Mark;
  back(to: Mark): void;
}

/** `relax`: the levels of resource k by itself under what is settled, null where it has none; `before`: of all while nobody is. */
export function openStanding(
  network: Network,
  policy: Policy,
  state: State,
  before: (Relaxed | null)[],
  relax: (k: number, lots: Float64Array) => Relaxed | null,
): Standing {
  const { K } = network;
  const { pairs, lots } = state;
  const drafts: Draft[] = [];
  const relaxed = before.slice();
  // somebody was settled below what the resource alone allows since: that only leaves more to the others, so what it says above s may wait
  const stale = new Uint8Array(K);
  return {
    drafts,
    view() {
      const ceiling = ceilings(network, state, relaxed);
      const settled = Uint8Array.from(pairs, (pair) => (Number.isNaN(lots[pair]!) ? 0 : 1));
      const order = Int32Array.from(ceiling.keys()).filter((n) => !settled[n]);
      order.sort((a, b) => ceiling[a]! - ceiling[b]!);
      return { ceiling, settled, order };
    },
    refresh({ ceiling, settled }, s) {
      const late = new Set<number>();
      pairs.forEach((pair, n) => {
        if (stale[pair % K] && !settled[n] && ceiling[n]! < s) late.add(pair % K);
      });
      for (const k of late) {
        relaxed[k] = relax(k, lots);
        stale[k] = 0;
      }
      return late.size > 0;
    },
    settleBelow({ ceiling }, s) {
      drafts.push(...settleGroups(network, policy, state, relaxed, s - SAME));
      drafts.push(...settleFull(network, policy, state, ceiling, s - SAME));
    },
    add(level) {
      drafts.push(level);
      for (const pair of level.pairs) if (relaxed[pair % K]) stale[pair % K] = 1;
    },
    mark: () => ({ lots: lots.slice(), relaxed: relaxed.slice(), stale: stale.slice(), drafts: drafts.length }),
    back(to) {
      lots.set(to.lots);
      relaxed.splice(0, K, ...to.relaxed);
      stale.set(to.stale);
      drafts.length = to.drafts;
    },
  };
}
