/** A thread that dies while it reads is replaced, and what it was reading is read again, once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { ReadingThread } from '../../../extension/prose/readingThread';
import type { ReadRequest } from '../../../extension/prose/reading/textReader';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());

const folder = mkdtempSync(path.join(tmpdir(), 'polyhead-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that counts its starts, and at a text `die…` does so as long as its number is below the last digit. */
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const fs = require('node:fs');
const file = ${JSON.stringify(path.join(folder, 'starts'))};
const starts = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 0) + 1;
fs.writeFileSync(file, String(starts));
parentPort.on('message', ({ kind, id, request }) => {
  if (kind !== 'read') return;
  const [, how, times] = /^(exit|throw)(\\d)$/.exec(request.text) ?? [];
  if (how !== undefined && starts <= Number(times)) {
    if (how === 'exit') process.exit(3);
    throw new Error('grammar lost');
  }
  if (request.text === 'wait') return;
  parentPort.postMessage({ kind: 'reply', id, reply: { lines: starts } });
});
`;

function started(): ReadingThread {
  writeFileSync(path.join(folder, 'thread.js'), script);
  rmSync(path.join(folder, 'starts'), { force: true });
  return new ReadingThread({
    modulePath: path.join(folder, 'thread.js'),
    data: () => ({ grammars: [] }),
    warn: (sentence) => {
      throw new Error(sentence);
    },
  });
}
const starts = (): number => Number(readFileSync(path.join(folder, 'starts'), 'utf8'));
const request = (text: string): ReadRequest => ({
  document: 'a',
  text,
  languageId: 'c',
  rules: {},
  line: 0,
  strings: false,
});

it.each(['exit', 'throw'])('one that dies (%s) at a text reads it on in another', async (how) => {
  const thread = started();
  const [dying, waiting] = await Promise.all([thread.read(request(`${how}1`)), thread.read(request('b'))]);
  expect(dying.lines).toBe(2);
  expect([1, 2]).toContain(waiting.lines);
  expect(starts()).toBe(2);
  thread.dispose();
});

it('one that dies at it again says so, and the next text has another', async () => {
  const thread = started();
  await expect(thread.read(request('throw2'))).rejects.toThrow(/ended at it twice \(grammar lost\)\. Reload/);
  expect((await thread.read(request('c'))).lines).toBe(3);
  thread.dispose();
});

it('what is read when the grammars change is read with the new ones', async () => {
  const thread = started();
  const reading = thread.read(request('d'));
  thread.end();
  expect((await reading).lines).toBeGreaterThan(0);
  thread.dispose();
});

it('a reading can be cancelled, and ends when the extension does', async () => {
  const thread = started();
  const controller = new AbortController();
  const cancelled = thread.read(request('wait'), controller.signal);
  setTimeout(() => controller.abort(), 20);
  await expect(cancelled).rejects.toThrow(/abort/i);
  const left = thread.read(request('wait'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  thread.dispose();
  await expect(left).rejects.toThrow('ended');
});
