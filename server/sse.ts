/** Server-sent events of one job (WHATWG HTML, section 9.2), to clients that may be slow, gone or never read. */
import type { ServerResponse } from 'node:http';
import { english } from '../scenarios/wording.js';
import type { EventLog, NumberedEvent } from './jobs/events.js';
import { problemIn } from './jobs/job.js';
import type { Say } from './languages/languages.js';

/** Bytes that may lie unread for one client; progress beyond it is dropped, as newer progress replaces it anyway. */
const UNREAD = 64 * 1024;

export interface Streams {
  /** False where there are too many already. */
  admit(): boolean;
  /** Sends the events after `lastId` and all that follow; ends after the last one of a job, which says in whose words why it failed. */
  open(response: ServerResponse, events: EventLog, lastId: string | undefined, say?: Say): void;
  closeAll(): void;
}

export function createStreams(limit: number, heartbeatMs: number): Streams {
  const open = new Set<() => void>();
  return {
    admit: () => open.size < limit,
    open(response, events, lastId, say = english) {
      const close = () => {
        if (!open.delete(close)) return;
        clearInterval(heartbeat);
        unfollow();
        response.end();
      };
      const send = (event: NumberedEvent) => {
        const last = event.event !== 'progress';
        if (response.writableLength > UNREAD) {
          // The client learns the end when it connects again with Last-Event-ID.
          if (last) response.destroy();
          return;
        }
        const data = event.event === 'failed' ? problemIn(event, say) : event.data;
        response.write(`id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(data)}\n\n`);
        if (last) close();
      };
      const heartbeat = setInterval(() => {
        if (response.writableLength > UNREAD) response.destroy();
        else response.write(': still here\n\n');
      }, heartbeatMs);
      heartbeat.unref();
      const unfollow = events.follow(send);
      open.add(close);
      response.once('close', close);
      response.write('retry: 1000\n\n');
      for (const event of events.since(lastId)) send(event);
    },
    closeAll() {
      for (const close of [...open]) close();
    },
  };
}
