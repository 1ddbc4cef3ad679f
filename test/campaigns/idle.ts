/** Connections that are opened and never used, while scenarios are put on the record. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { SCENARIO } from '../../server/schemas/examples.js';
import { inTemporary } from '../support/ledger-data.js';
import { type Campaign, newTally, note } from './campaign.js';
import { postJson, startServed } from './server.js';

const commits = 20;

export const idle: Campaign = {
  title: 'so many idle connections, and commits all the while',
  runs: 300,
  full: 10_000,
  run: ({ runs, signal, progress }) =>
    inTemporary(async (dir) => {
      const tally = newTally();
      const server = await startServed(dir, { headerSeconds: 600, bodySeconds: 600 });
      const sockets: Socket[] = [];
      let refused = 0;
      try {
        const before = await server.memory();
        for (; tally.runs < runs && !signal.aborted; tally.runs++) {
          const socket = connect(server.port, '127.0.0.1').on('error', () => {
            refused++;
          });
          sockets.push(socket);
          // Half of them begin a request.
          if (tally.runs % 2 === 0) socket.write('GET / HTTP/1.1\r\nHost: loc');
          if (tally.runs % 200 === 199) await once(socket, 'connect').catch(() => undefined);
          progress(tally.runs, runs);
        }
        await Promise.all(
          sockets
            .filter(({ connecting }) => connecting)
            .map((socket) => once(socket, 'connect').catch(() => undefined)),
        );
        const open = sockets.filter(({ readyState }) => readyState === 'open').length;
        tally.faults = open;
        let slowest = 0;
        for (let n = 0; n < commits; n++) {
          const sent = performance.now();
          const answer = await postJson(`${server.url}/scenarios`, { ...SCENARIO, id: `idle-${n}` });
          slowest = Math.max(slowest, performance.now() - sent);
          if (answer.status === 201) tally.acknowledged++;
          else tally.undetected++;
        }
        if (sockets.filter(({ readyState }) => readyState === 'open').length < open)
          note(tally, 'some were closed meanwhile');
        const grown = ((await server.memory())?.own ?? 0) - (before?.own ?? 0);
        note(
          tally,
          `${open} open, ${refused} refused; slowest commit ${slowest.toFixed(0)} ms; memory grew by ${grown.toFixed(0)} MB`,
        );
      } finally {
        for (const socket of sockets) socket.destroy();
        await server.stop();
      }
      return tally;
    }),
};
