/**
 * What takes long is made of plans beside the event loop: reading a nation-week's 37 MB of JSON alone takes half a second, and in that
 * time nobody else would get an answer. Small plans are worked on at once, as handing them over would cost more.
 */
import { wording } from '../../scenarios/wording.js';
import { type OneThread, oneThread } from '../onethread.js';
import { perform, type Task } from './tasks.js';

export type Beside = OneThread<Task, Uint8Array<ArrayBuffer>>;

/** Bytes in the store, where large contents are packed. */
const SMALL = 64 * 1024;

export function openBeside(): Beside {
  const thread: Beside = oneThread({
    file: new URL('./worker.js', import.meta.url),
    busy: wording`Too many large plans are being worked on.`,
    doing: wording`Working on the plan`,
  });
  return {
    ...thread,
    async run(task) {
      const { allocation, scenario } = task.plan;
      const small = allocation.packed.length + scenario.packed.length <= SMALL;
      return small ? await perform(task) : await thread.run(task);
    },
  };
}
