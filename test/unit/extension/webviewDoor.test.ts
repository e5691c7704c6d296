/** The host’s side of a page’s door, with a page that means well and one that does not. */
import fc from 'fast-check';
import * as v from 'valibot';
import type { Webview } from 'vscode';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../extension/engine/engineError';
import { PageDoor, type PageHandlers } from '../../../extension/webviewDoor';
import type { FromHost } from '../../../webview/components/messages';

const door = {
  requests: {
    double: { parameters: v.object({ number: v.number() }), reply: v.number() },
    count: { parameters: v.object({}), reply: v.null(), progress: v.number() },
  },
  events: { ring: v.string() },
} as const;

function open(handlers: Partial<PageHandlers<typeof door>> = {}) {
  const posted: FromHost[] = [];
  const calls: unknown[] = [];
  let receive: (message: unknown) => void = () => undefined;
  const webview = {
    postMessage: (message: FromHost) => {
      posted.push(message);
      return Promise.resolve(true);
    },
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      receive = listener;
      return { dispose: () => (receive = () => undefined) };
    },
  } as unknown as Webview;
  const log = { trace: note, debug: note, info: note, warn: note, error: note };
  function note(): void {
    // The log is looked at elsewhere.
  }
  const page = new PageDoor({
    webview,
    door,
    handlers: {
      double: ({ number }) => {
        calls.push(number);
        return Promise.resolve(2 * number);
      },
      count: (_, { report }) => {
        report(1);
        return Promise.resolve(null);
      },
      ...handlers,
    },
    log,
    misunderstood: 'That was not understood.',
  });
  return { page, posted, calls, send: (message: unknown) => receive(message) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a page’s door', () => {
  it('answers, with progress on the way, and tells', async () => {
    const { page, posted, send } = open();
    send({ kind: 'ready' });
    send({ kind: 'request', id: 1, method: 'double', parameters: { number: 21 } });
    send({ kind: 'request', id: 2, method: 'count', parameters: {} });
    await settled();
    page.tell('ring', 'now');
    expect(posted).toEqual(
      expect.arrayContaining([
        { kind: 'reply', id: 1, reply: 42 },
        { kind: 'progress', id: 2, progress: 1 },
        { kind: 'reply', id: 2, reply: null },
        { kind: 'event', name: 'ring', value: 'now' },
      ]),
    );
  });

  it('hands on why a request failed', async () => {
    const { posted, send } = open({
      double: () => Promise.reject(new EngineError('user', 'Take another number.')),
      count: () => Promise.reject(new Error('broken')),
    });
    send({ kind: 'request', id: 1, method: 'double', parameters: { number: 1 } });
    send({ kind: 'request', id: 2, method: 'count', parameters: {} });
    await settled();
    expect(posted).toEqual([
      { kind: 'failure', id: 1, code: 'user', message: 'Take another number.' },
      { kind: 'failure', id: 2, code: 'engine', message: 'broken' },
    ]);
  });

  it.each([
    ['is cancelled', (send: (message: unknown) => void) => send({ kind: 'cancel', id: 1 })],
    ['is of a page that is gone', (send: (message: unknown) => void) => send({ kind: 'ready' })],
  ])('ends a request that %s, and answers it no more', async (_name, act) => {
    let signal: AbortSignal | undefined;
    let finish: () => void = () => undefined;
    const { posted, send } = open({
      count: (_, context) => {
        signal = context.signal;
        return new Promise((resolve) => (finish = () => resolve(null)));
      },
    });
    send({ kind: 'request', id: 1, method: 'count', parameters: {} });
    act(send);
    expect(signal?.aborted).toBe(true);
    finish();
    await settled();
    expect(posted).toEqual([]);
  });

  it('says of what it does not know that it was not understood', async () => {
    const { posted, calls, send } = open();
    const wrong = { kind: 'failure', code: 'engine', message: 'That was not understood.' };
    send({ kind: 'request', id: 1, method: 'toString', parameters: {} });
    send({ kind: 'request', id: 2, method: '__proto__', parameters: {} });
    send({ kind: 'request', id: 3, method: 'double', parameters: { number: '21' } });
    // No request at all.
    send({ kind: 'request', id: 4, method: 'double' });
    await settled();
    expect(posted).toEqual([1, 2, 3].map((id) => ({ ...wrong, id })));
    expect(calls).toEqual([]);
  });

  it('does nothing for 10,000 messages that are none', async () => {
    const { posted, calls, send } = open();
    const messages = fc.sample(
      fc.oneof(
        fc.anything({ maxDepth: 3 }),
        fc.record({ kind: fc.string(), id: fc.anything(), method: fc.string(), parameters: fc.anything() }),
        fc.record({ kind: fc.constant('request'), id: fc.oneof(fc.string(), fc.double(), fc.constant(-1)) }),
        fc.record({ kind: fc.constant('cancel'), id: fc.integer() }),
      ),
      { numRuns: 10_000, seed: 11 },
    );
    for (const message of messages) send(message);
    await settled();
    expect(calls).toEqual([]);
    // A whole number for an id makes it a request, which is told that it was not understood.
    expect(posted.every(({ kind }) => kind === 'failure')).toBe(true);
    send({ kind: 'request', id: 1, method: 'double', parameters: { number: 2 } });
    await settled();
    expect(posted.at(-1)).toEqual({ kind: 'reply', id: 1, reply: 4 });
  });
});
