/** A process that runs one command after the other as `main.js` would, and answers when nothing is left to do. */
import { pathToFileURL } from 'node:url';

export interface Command {
  /** The command line's entry, an absolute path. */
  program: string;
  folder: string;
  args: string[];
}

let count = 0;

/** Collects what is written to a stream until it is let go. */
function collect(stream: NodeJS.WriteStream): () => string {
  const chunks: Buffer[] = [];
  const own = stream.write;
  stream.write = (chunk: Uint8Array | string, encoding?: unknown, done?: unknown) => {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
    const written = typeof encoding === 'function' ? encoding : done;
    if (typeof written === 'function') process.nextTick(written);
    return true;
  };
  return () => {
    stream.write = own;
    return Buffer.concat(chunks).toString();
  };
}

process.on('message', ({ program, folder, args }: Command) => {
  process.chdir(folder);
  process.argv = [process.execPath, program, ...args];
  process.exitCode = undefined;
  const [out, err] = [collect(process.stdout), collect(process.stderr)];
  process.once('beforeExit', (status) => {
    process.channel?.ref();
    process.stdout.removeAllListeners('error');
    process.send?.({ status, out: out(), err: err() });
  });
  // from here on only the command keeps the process alive
  process.channel?.unref();
  // another query makes it another module, so that it runs again; what it imports is there already
  import(`${pathToFileURL(program).href}?command=${count++}`).catch((error) => {
    console.error(error);
    process.exitCode = 70;
  });
});
