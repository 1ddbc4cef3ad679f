/** Long answers in turn: what whoever waits is told, and that one is worked out at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../server/problem.js';
import { type Answered, openTurns, type Parts } from '../server/turns.js';
import { waitOf } from '../server/waiting.js';

const told = <T>(answered: Answered<T>) => {
  assert.ok('underWay' in answered, 'no answer yet');
  const { seconds, ...rest } = answered.underWay;
  assert.ok(seconds >= 0);
  return rest;
};

test('a place in the row, then parts that are done, then the answer; others wait until it is theirs', async () => {
  const turns = openTurns<string>({ what: 'answers', limit: 2, waitSeconds: 20, failed: () => {} });
  const work = new Map<string, { tell: (parts: Parts) => void; end: (answer: string) => void }>();
  const ask = (key: string, wait?: number) =>
    turns.answer(key, (_, tell) => new Promise((end) => work.set(key, { tell, end })), wait);
  const nothing = { done: null, of: null };
  const first = ask('a');
  await ask('a', 0);
  assert.deepEqual(told(await ask('a', 0)), { state: 'running', before: 0, ...nothing });
  assert.deepEqual(told(await ask('b', 0)), { state: 'waiting', before: 1, ...nothing });
  assert.deepEqual([turns.has('a'), turns.has('b'), turns.has('c'), work.has('b')], [true, true, false, false]);
  await assert.rejects(ask('c', 0), (error) => error instanceof ProblemError && error.kind === 'overloaded');
  work.get('a')!.tell({ done: 2, of: 7 });
  assert.deepEqual(told(await ask('a', 0)), { state: 'running', before: 0, done: 2, of: 7 });
  work.get('a')!.end('first');
  assert.deepEqual(await first, { answer: 'first' });
  assert.deepEqual(told(await ask('b', 0)), { state: 'running', before: 0, ...nothing });
  work.get('b')!.end('second');
  assert.deepEqual(await ask('b'), { answer: 'second' });
  assert.equal(turns.has('b'), false);
  await turns.close();
});

test('a wait is read as RFC 7240 writes it; without one the server decides', () => {
  for (const [text, seconds] of [
    ['wait=2', 2],
    ['respond-async, wait=10', 10],
    ['Wait = "7"; x=1', 7],
    ['handling=lenient;wait=0', 0],
    ['await=3', undefined],
    ['wait=soon', undefined],
    ['wait=-1', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const)
    assert.equal(waitOf(text), seconds, text);
});
