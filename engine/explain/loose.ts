/**
 * A network whose flows nothing limits but the rows of the program. Elsewhere bounds of flows follow from stocks, routes and what is
 * open, and take over prices that belong to those: what the proof says of them is right, and hides what more of them would bring.
 */
import { complete, type Scenario } from '../../scenarios/index.js';
import { compileNetwork, type Network, totalNeed } from '../network.js';
import { boundFlows } from '../reach.js';

export function loosened(network: Network): Network {
  const { D, T, K, R, first, approx } = network;
  const supply = network.supply.slice();
  for (let k = 0; k < K; k++) {
    let all = 0;
    for (let j = 0; j < R; j++) all += totalNeed(network, j, k);
    for (let s = 0; s < D; s++) supply[(s * T + first) * K + k]! += all;
  }
  const all = (list: Float64Array) => list.map(() => Infinity);
  const free = { ...approx, capacity: all(approx.capacity), storage: all(approx.storage) };
  return { ...network, upper: boundFlows({ ...network, supply, approx: free }) };
}

/** The same with every route open, and which of its arcs the scenario closes; `arcOf` finds the arc of the other network. */
export function opened(scenario: Scenario, network: Network) {
  const open = compileNetwork(complete({ ...scenario, routes: scenario.routes.map((r) => ({ ...r, closed: [] })) }));
  const { T } = network;
  const shut = new Uint8Array(open.arcs.count);
  const arcOf = new Int32Array(network.arcs.count);
  const place = new Map<number, number>();
  for (let a = 0; a < open.arcs.count; a++) place.set(open.arcs.route[a]! * T + open.arcs.depart[a]!, a);
  shut.fill(1);
  for (let a = 0; a < arcOf.length; a++) {
    arcOf[a] = place.get(network.arcs.route[a]! * T + network.arcs.depart[a]!)!;
    shut[arcOf[a]!] = 0;
  }
  return { network: loosened(open), shut, arcOf, place };
}
