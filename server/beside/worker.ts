/** Entry of the worker thread. */
import { move } from 'piscina';
import { perform, type Task } from './tasks.js';

export default async (task: Task) => move(await perform(task));
