/** The extension's engine client against real processes. What it does when they die: engineDeaths.test.ts. */
import { protocolVersion } from '../../../models/engine/protocol';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineClient, EngineClientOptions, EngineState } from '../../../extension/engine/engineClient';
import { EngineError } from '../../../extension/engine/engineError';
import { isRunning, untilGone } from '../engine/fixtures/processes';
import { collectLog } from './collectLog';
import { ask, failureOf, keepBusy, translate, useEngine } from './engineHarness';

// The sentences are the real ones; of VS Code only the filling-in is needed.
vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());

const engine = useEngine();
let client: EngineClient;
let logged: string[];

const use = (options: Partial<EngineClientOptions> = {}): void => {
  ({ client, logged } = engine.makeClient(options));
};
beforeEach(() => use());

const stubborn = (name: 'mute' | 'deaf'): string =>
  path.join(import.meta.dirname, `../engine/fixtures/${name}.mjs`);

describe('the engine client', () => {
  it('starts the engine with the first request, and keeps it for the next', async () => {
    expect(client.processId).toBeUndefined();
    expect(await translate(client, 'one')).toBe('[one]');
    const pid = client.processId;
    expect(await translate(client, 'two')).toBe('[two]');
    expect(client.processId).toBe(pid);
    expect(logged.join('\n')).toContain(
      `info The engine is ready: process ${pid!}, protocol ${protocolVersion}, models: en → de.`,
    );
  });

  it('counts what is done', async () => {
    const progress: unknown[] = [];
    await client.request('translate', ask('one', 'two'), { onProgress: (step) => progress.push(step) });
    expect(progress).toEqual([0, 1, 2].map((done) => ({ done, total: 2 })));
  });

  it('passes on what the engine tells the person meanwhile', async () => {
    const told: string[] = [];
    use({ onNotice: (sentence) => told.push(sentence) });
    expect(await translate(client, 'notice: the card is gone')).toBe('[notice: the card is gone]');
    expect(told).toEqual(['notice: the card is gone']);
  });

  it('passes on the engine’s sentence for the person, which is no crash', async () => {
    const failure = await failureOf(client.request('translate', { ...ask('one'), to: 'ja' }));
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({ code: 'user', crashed: false });
    expect(failure.message).toMatch(/en → ja.*en → de/);
    expect(failure.stack).toContain('engineClient.test.ts');
  });

  it('tells its states in their order', async () => {
    const states: EngineState[] = [];
    use({ onStateChange: () => client.state !== states.at(-1) && states.push(client.state) });
    expect(client.state).toBe('off');
    await translate(client, 'one');
    await translate(client, 'two');
    await client.restart();
    expect(states).toEqual(['starting', 'working', 'ready', 'working', 'ready', 'off']);
  });

  it('reads the settings anew whenever it starts an engine', async () => {
    let modelFolders = [engine.modelsFolder];
    const settings = vi.fn(() => ({ modelFolders, threads: 1, idleMs: 0 }));
    use({ settings });
    expect((await client.request('listPairs', {})).pairs).toMatchObject([{ from: 'en', to: 'de' }]);
    modelFolders = [];
    expect((await client.request('listPairs', {})).pairs).toHaveLength(1);
    expect(settings).toHaveBeenCalledTimes(1);
    await client.restart();
    expect((await client.request('listPairs', {})).pairs).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('lets others come first where its priority is low', async () => {
    const low = engine.makeClient({ priority: 'low' }).client;
    await Promise.all([translate(client, 'one'), translate(low, 'one')]);
    expect(getPriority(low.processId)).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
    expect(getPriority(client.processId)).toBe(getPriority());
  });

  it('does not disturb another, nor is disturbed', async () => {
    const other = engine.makeClient().client;
    const [{ failure }] = await Promise.all([keepBusy(client), translate(other, 'one')]);
    const pid = other.processId;
    expect(pid).not.toBe(client.processId);
    expect(await translate(other, 'two')).toBe('[two]');
    await client.stop();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await translate(other, 'three')).toBe('[three]');
    expect(other.processId).toBe(pid);
  });
});

describe('a cancelled request', () => {
  it('is rejected at once, and the engine is free for the next', async () => {
    const controller = new AbortController();
    const { failure } = await keepBusy(client, controller.signal);
    const next = translate(client, 'next');
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    // An engine that had not heard of it would wait for ever.
    expect(await next).toBe('[next]');
  });

  it('does not wait for the engine to start', async () => {
    use({ modulePath: stubborn('mute') });
    const controller = new AbortController();
    const failure = failureOf(translate(client, 'one', controller.signal));
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await failureOf(translate(client, 'two', controller.signal))).toMatchObject({ code: 'cancelled' });
  });
});

describe('an engine whose settings have changed', () => {
  it('is replaced at once when it has nothing to do', async () => {
    await translate(client, 'one');
    const pid = client.processId!;
    client.renew();
    await untilGone(pid, 5000);
    expect(await translate(client, 'two')).toBe('[two]');
    expect(client.processId).not.toBe(pid);
  });

  it('finishes what it has begun, and serves nothing after that', async () => {
    const controller = new AbortController();
    const { failure } = await keepBusy(client, controller.signal);
    const pid = client.processId!;
    client.renew();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.processId).toBe(pid);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    await untilGone(pid, 5000);
    expect(await translate(client, 'two')).toBe('[two]');
  });
});

describe('an idle engine', () => {
  const soon = (): ReturnType<EngineClientOptions['settings']> => ({
    modelFolders: [engine.modelsFolder],
    threads: 1,
    idleMs: 60,
  });

  it('is stopped, which is no death, and the next request starts another', async () => {
    const states: EngineState[] = [];
    use({ settings: soon, onStateChange: () => states.push(client.state) });
    const pids = new Set<number>();
    for (const text of ['one', 'two', 'three', 'four']) {
      expect(await translate(client, text)).toBe(`[${text}]`);
      const pid = client.processId!;
      pids.add(pid);
      await untilGone(pid, 5000);
      expect(client.state).toBe('off');
    }
    expect(pids.size).toBe(4);
    expect(states).not.toContain('resting');
    expect(logged.filter((line) => /^(?:warn|error)/.test(line))).toEqual([]);
    expect(logged.filter((line) => line.includes('has had nothing to do and ends'))).toHaveLength(4);
  });

  it('is not one that works', async () => {
    use({ settings: soon });
    await translate(client, 'one');
    const controller = new AbortController();
    const { failure } = await keepBusy(client, controller.signal);
    const pid = client.processId!;
    // One request that ends does not make the engine idle while another goes on.
    await failureOf(translate(client, 'two', AbortSignal.timeout(5)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.processId).toBe(pid);
    controller.abort();
    await failure;
    await untilGone(pid, 5000);
  });

  it('serves no request from the moment of its end on: another does', async () => {
    const { log, lines } = collectLog();
    const asked: Promise<string | undefined>[] = [];
    const info = (line: string): void => {
      log.info(line);
      if (asked.length === 0 && line.includes('nothing to do'))
        // Right behind the beginning of its end, and while that goes on.
        queueMicrotask(() => {
          asked.push(translate(client, 'at once'));
          setTimeout(() => asked.push(translate(client, 'a moment later')), 5);
        });
    };
    use({ settings: soon, log: { ...log, info } });
    await translate(client, 'one');
    const pid = client.processId;
    await expect.poll(() => asked.length, { timeout: 5000, interval: 5 }).toBe(2);
    expect(await Promise.all(asked)).toEqual(['[at once]', '[a moment later]']);
    expect(client.processId).not.toBe(pid);
    expect(lines.filter((line) => line.includes('is ready'))).toHaveLength(2);
  });

  it('is forgotten when it is stopped for another reason', async () => {
    use({ settings: soon });
    await translate(client, 'one');
    await client.restart();
    await translate(client, 'two');
    process.kill(client.processId!, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(logged.join('\n')).not.toContain('nothing to do');
  });
});

describe('at the end', () => {
  it('the engine shuts down, and what is pending is cancelled', async () => {
    const { failure } = await keepBusy(client);
    const pid = client.processId!;
    client.dispose();
    await client.stop();
    expect(isRunning(pid)).toBe(false);
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await failureOf(translate(client, 'too late'))).toMatchObject({ code: 'cancelled' });
    expect(client.processId).toBeUndefined();
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('an engine that does not listen is killed after half a second', async () => {
    use({ modulePath: stubborn('deaf') });
    const failure = failureOf(translate(client, 'one'));
    await expect.poll(() => logged.join(), { timeout: 10_000 }).toContain('The engine is ready');
    const pid = client.processId!;
    const start = performance.now();
    await client.stop();
    const took = performance.now() - start;
    expect(isRunning(pid)).toBe(false);
    expect(took).toBeGreaterThan(450);
    expect(took).toBeLessThan(5000);
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });

  it('an engine that is still starting is killed at once', async () => {
    use({ modulePath: stubborn('mute') });
    const failure = failureOf(translate(client, 'one'));
    const pid = client.processId!;
    await client.stop();
    expect(isRunning(pid)).toBe(false);
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });
});
