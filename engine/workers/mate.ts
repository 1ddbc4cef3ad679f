/** A worker thread that does its share of every pass over a direct problem: woken by a counter, never by a message. */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type Kernel, openWasm } from '../solve/direct/kernel.js';
import { COMMANDS, type Command, type Crewed, readStep, SLOT, SPINS } from './signals.js';

const { control, port, number } = workerData as { control: SharedArrayBuffer; port: MessagePort; number: number };
const counters = new Int32Array(control);
let kernel: Kernel | undefined;
let share: Crewed['shares'][number] = [0, 0];
let seen = 0;

for (;;) {
  for (let spins = 0; Atomics.load(counters, SLOT.round) === seen; spins++)
    if (spins > SPINS) Atomics.wait(counters, SLOT.round, seen);
  seen = Atomics.load(counters, SLOT.round);
  const command = COMMANDS[Atomics.load(counters, SLOT.command)];
  if (command === 'leave') break;
  try {
    work(command);
  } catch {
    // the caller waits in shared memory and would never hear of an exception
    Atomics.store(counters, SLOT.failed, 1);
  }
  Atomics.add(counters, SLOT.done, 1);
  Atomics.notify(counters, SLOT.done);
}

function work(command: Command | undefined): void {
  if (command === 'board') {
    // the frame, memory and share of a new problem came by message before the counter moved
    const crewed = receiveMessageOnPort(port)?.message as Crewed; // what crew.ts posts
    kernel = openWasm(crewed.module, crewed.memory);
    share = crewed.shares[number]!;
  } else if (kernel && command) {
    kernel.clear(number);
    if (command === 'pass' || command === 'look') kernel.pass(number, ...share, readStep(control), command === 'look');
    else if (command !== 'leave') kernel[command](number, ...share);
  }
}
