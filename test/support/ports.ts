/** Runs in a worker of the pool: how many message ports its thread still holds, after a collection. */
import { queryObjects } from 'node:v8';
import { MessagePort } from 'node:worker_threads';

export default (): number => queryObjects(MessagePort, { format: 'count' });
