/** What happens to a job, for those who follow it: a bounded buffer from which a broken connection resumes. */
import type { Problem, SaidProblem } from '../problem.js';
import type { JobProgress } from '../schemas/job.js';

export type JobEvent =
  | { event: 'progress'; data: JobProgress }
  | { event: 'done'; data: { allocation: string; location: string; seq: number } }
  | { event: 'done'; data: { frontier: string; location: string } }
  | { event: 'failed'; data: Problem; said?: SaidProblem }
  | { event: 'cancelled'; data: Record<string, never> };

/** `id` is `<boot>.<number>`: numbers start again with each process, and a reader must not confuse the two. */
export type NumberedEvent = JobEvent & { id: string };

export interface EventLog {
  push(event: JobEvent): void;
  /** What came after that id; all that is kept where it is unknown, from another process or too old. */
  since(id: string | undefined): NumberedEvent[];
  /** Calls back for each later event until the returned function is called. */
  follow(onEvent: (event: NumberedEvent) => void): () => void;
}

/** Ten a second for half a minute; progress that is older is of no use to anybody. */
const KEPT = 300;

export function openEventLog(boot: string): EventLog {
  const kept: NumberedEvent[] = [];
  const followers = new Set<(event: NumberedEvent) => void>();
  let next = 1;
  return {
    push(event) {
      const numbered = { ...event, id: `${boot}.${next++}` };
      kept.push(numbered);
      if (kept.length > KEPT) kept.shift();
      for (const follower of followers) follower(numbered);
    },
    since(id) {
      const at = id === undefined ? -1 : kept.findIndex((event) => event.id === id);
      return kept.slice(at + 1);
    },
    follow(onEvent) {
      followers.add(onEvent);
      return () => followers.delete(onEvent);
    },
  };
}

/** Calls `emit` at once and then at most every `ms`, always with the newest value; `flush` ends the waiting. */
export function throttle<T>(ms: number, emit: (value: T) => void): { push(value: T): void; flush(): void } {
  let waiting: { value: T } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const fire = () => {
    timer = undefined;
    if (waiting === undefined) return;
    const { value } = waiting;
    waiting = undefined;
    timer = setTimeout(fire, ms);
    emit(value);
  };
  return {
    push(value) {
      waiting = { value };
      if (timer === undefined) fire();
    },
    flush() {
      clearTimeout(timer);
      waiting = undefined;
    },
  };
}
