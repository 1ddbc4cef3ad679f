/** Entry of the worker thread: a text is JSON, bytes are a workbook or a zip of tables. */
import { type Read, read, readBook, type TablesOutcome } from './read.js';

export default (body: string | Uint8Array): Read | TablesOutcome =>
  typeof body === 'string' ? read(body) : readBook(body);
