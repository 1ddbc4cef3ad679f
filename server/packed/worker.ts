/** Entry of the worker thread. */
import { move } from 'piscina';
import { packStored, type ToPack } from './open.js';

export default async (asked: ToPack) => move(await packStored(asked));
