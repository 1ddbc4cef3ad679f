/**
 * Restarted, reflected Halpern primal-dual hybrid gradient on a direct problem (Chambolle and Pock 2011; Halpern 1967; Lu and Yang 2024):
 *
 *   z⁺ = (n+1)/(n+2) · (2 T(z) − z) + 1/(n+2) · z₀
 *
 * with T one primal and one dual proximal step, z₀ the point of the last restart. Every so often the iterate is turned into a plan
 * and a bound (`certify.ts`); the best of each is kept, whatever iteration it came from.
 */
import { certify, keepPlan, type Proof, settlePrices, shiftHandling } from './certify.js';
import type { Direct } from './form.js';
import type { Kernel, Step } from './kernel.js';
import { type KeptPrices, keepPrices } from './prices.js';
import { dropIdlePrices } from './start.js';
import { setSteps } from './steps.js';

export interface AscentOptions {
  /** Relative gap at which to stop. */
  gap: number;
  mostIterations: number;
  /** Called after every certificate. */
  onProof?: (gap: number, iterations: number) => void;
  /** Asked after every certificate; true ends the ascent with the best so far. */
  stop?: () => boolean;
}

export interface Ascent {
  value: number;
  bound: number;
  gap: number;
  iterations: number;
  restarts: number;
  certificates: number;
  prices: KeptPrices;
  outcome: 'reached' | 'stopped' | 'limit';
}

/** How iterations are carried out: in one thread, or by a crew. */
export interface Runner {
  threads: number;
  kernel: Kernel;
  pass(step: Step, residual: boolean): void;
  over(work: 'price' | 'load'): void;
}

/** Iterations between looks at the residual. */
const CHECK = 5;
/** Restart once the residual fell to this share, or to that one and rises again (Applegate et al. 2023). */
const ENOUGH = 0.2;
const GOOD = 0.8;
/** Column scales adapt from this iteration on. */
const ADAPT_FROM = 10;
/** Most that the logarithm of the primal weight changes at a restart. */
const MOST_CHANGE = 1.5;
/**
 * What depends on the start. `least`: the share of their first down to which column scales adapt. `weight`: the first primal weight in units of a
 * tonne's usual worth; then by `balance`, the exponent of a change (README). `long`: restart after this share of all iterations. A warm start
 * has good prices and flows to repair, so flows take the longer steps and prices are left in peace for longer.
 */
const COLD = { least: 0.03, weight: 0.8, balance: 1, long: 0.3 };
const FROM_EARLIER = { least: 0.1, weight: 0.1, balance: 0.5, long: 0.8 };

/** Iterations that a certificate costs. */
const PROOF = 4;
/** The first certificate; before it there is nothing worth proving. */
const FIRST_PROOF = 20;
/**
 * Iterations that a warm start is worth, for what the gap is expected to do: so many until two certificates tell how quickly it falls,
 * then what makes them agree with the power law, within limits.
 */
const WARM = { first: 60, least: 10, most: 80 };
/** Iterations after a warm start or a certificate of one before which nothing better is to be expected. */
const SOONEST = 12;
/** The gap falls about as iterations to this power (between 1e-2 and 1e-4, all presets). */
const POWER = 2.1;

/** The iteration of the next certificate: where the gap should be reached, but not too far off, as the balance lives on it. */
function nextProof(now: number, gap: number, asked: number): number {
  const guess = now * (gap / Math.max(asked, 1e-12)) ** (1 / POWER);
  return Math.ceil(Math.min(1.2 * now, Math.max(0.98 * guess, now * 1.03)) + PROOF);
}

/** An ascent that can go on: each run continues from where the one before ended. */
export interface AscentSession {
  run(options: AscentOptions): Ascent;
  /** Somebody changed flows and prices in the layout: the next run goes on from them, and proves at once what they are worth if they are `unproven`. */
  moved(unproven: boolean): void;
}

/**
 * Opens an ascent on a layout that holds a start (`start.ts`). A warm start has flows to take column scales from, so those adapt from
 * the first iteration on.
 */
export function openAscent(direct: Direct, runner: Runner, warm = false): AscentSession {
  const { layout, usualWorth } = direct;
  const { kernel } = runner;
  const by = warm ? FROM_EARLIER : COLD;
  let weight = by.weight * usualWorth;
  const lightest = weight / 1000;
  const heaviest = weight * 100;
  let least = warm ? by.least : 1;
  let inner = 0;
  let first = 0;
  let before = Infinity;
  let iterations = 0;
  let restarts = 0;
  let certificates = 0;
  let last: Proof | undefined;
  let worth = warm ? WARM.first : 0;
  let seen: { gap: number; iterations: number } | undefined;
  let value = Number.NEGATIVE_INFINITY;
  let bound = Infinity;
  let prices: KeptPrices | undefined;
  let fresh = false;
  const step: Step = { primal: 0, dual: 0, ahead: 0, anchor: 0, least: 1 };
  anchor();
  setSteps(layout, kernel, least);
  if (warm) {
    dropIdlePrices(direct);
    anchor();
  }

  return {
    run(options) {
      const from = iterations;
      const soonest = warm ? SOONEST : 0;
      const due = () => Math.max(iterations + soonest, nextProof(iterations + worth, gapNow(), options.gap) - worth);
      let next = fresh ? iterations : prices ? due() : warm ? 0 : FIRST_PROOF;
      fresh = false;
      for (;;) {
        const last = iterations - from >= options.mostIterations;
        if (iterations >= next || last) {
          const outcome = prove(options);
          if (outcome) return done(outcome);
          if (last) return done('limit');
          next = due();
        }
        iterate();
      }
    },
    moved(unproven) {
      fresh = unproven;
      seen = undefined;
      anchor();
      setSteps(layout, kernel, least);
    },
  };

  function iterate(): void {
    const look = inner === 0 || (inner + 1) % CHECK === 0;
    step.primal = 1 / weight;
    step.dual = weight;
    step.ahead = (inner + 1) / (inner + 2);
    step.anchor = 1 / (inner + 2);
    step.least = least;
    runner.pass(step, look);
    const tail = kernel.tail(step);
    inner++;
    iterations++;
    if (!look) return;
    const { total } = layout.sums;
    const residual = Math.sqrt(total[1]! * weight + (total[2]! + tail) / weight);
    if (inner === 1) {
      first = residual;
      before = Infinity;
      return;
    }
    const restart =
      residual <= ENOUGH * first ||
      (residual <= GOOD * first && residual > before) ||
      (inner >= by.long * iterations && inner > 20);
    before = residual;
    if (restart) begin();
  }

  function prove(options: AscentOptions): Ascent['outcome'] | null {
    last = certify(direct, kernel, runner.over, runner.threads);
    certificates++;
    if (last.value > value) {
      value = last.value;
      keepPlan(direct);
    }
    if (last.bound < bound) {
      bound = last.bound;
      prices = keepPrices(direct, prices);
    }
    if (warm) learn();
    options.onProof?.(gapNow(), iterations);
    if (gapNow() <= options.gap) return 'reached';
    return options.stop?.() ? 'stopped' : null;
  }

  /** (worth + iterations)^POWER is what the gap falls by: two gaps tell the worth. */
  function learn(): void {
    const gap = gapNow();
    if (seen && seen.gap < Infinity && gap < seen.gap && gap > 0) {
      const ratio = (seen.gap / gap) ** (1 / POWER);
      const found = (iterations - ratio * seen.iterations) / (ratio - 1);
      worth = Math.max(WARM.least, Math.min(WARM.most, found));
    }
    seen = { gap, iterations };
  }

  function gapNow(): number {
    return bound > value ? (bound - value) / Math.abs(bound) : 0;
  }

  /** Starts anew from here: weight, handling prices, column scales, anchor. */
  function begin(): void {
    restarts++;
    if (last) {
      const small = 1e-9 * Math.abs(last.value) + 1e-300;
      const behind = Math.max(last.lagrangian - last.value, small);
      const above = Math.max(last.bound - last.lagrangian, small);
      const change = Math.max(-MOST_CHANGE, Math.min(MOST_CHANGE, by.balance * Math.log(behind / above)));
      weight = Math.min(heaviest, Math.max(lightest, weight * Math.exp(change)));
    }
    if (layout.periods > 1) {
      settlePrices(direct);
      shiftHandling(direct, 'iterate');
    }
    anchor();
    if (iterations >= ADAPT_FROM) least = by.least;
    setSteps(layout, kernel, least);
  }

  function anchor(): void {
    inner = 0;
    kernel.anchor(0, layout.groups);
    copyAnchors(direct);
  }

  function done(outcome: Ascent['outcome']): Ascent {
    // prove() has run, so there are prices
    return { value, bound, gap: gapNow(), iterations, restarts, certificates, prices: prices!, outcome };
  }
}

/** Anchors of depots, fleets and the budget; the kernel has those of the groups. */
function copyAnchors({ layout }: Direct): void {
  const { lanes, nodes, fleetRows } = layout;
  layout.floats('goods0', nodes * lanes).set(layout.floats('goods', nodes * lanes));
  layout.doubles('handling0', nodes).set(layout.doubles('handling', nodes));
  layout.doubles('fleet0', fleetRows).set(layout.doubles('fleet', fleetRows));
  const budget = layout.doubles('budget', 2);
  budget[1] = budget[0]!;
}
