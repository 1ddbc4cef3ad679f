/** Entry of the worker thread. */
export { read as default } from './read.js';
