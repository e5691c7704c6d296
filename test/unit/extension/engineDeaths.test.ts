/** What the engine client does when its processes die, hang up, or do not even start. */
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineClient, EngineClientOptions, EngineState } from '../../../extension/engine/engineClient';
import { isRunning, untilGone } from '../engine/fixtures/processes';
import { ask, failureOf, keepBusy, translate, useEngine } from './engineHarness';

// The sentences are the real ones; of VS Code only the filling-in is needed.
vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());

const killed =
  'The translation engine was ended by the system (signal SIGKILL), perhaps because memory ran out. ' +
  'Close what you do not need, and try again.';
const crashed = 'The translation engine stopped unexpectedly (exit code 1). Try again.';

const engine = useEngine();
let client: EngineClient;
let logged: string[];
const use = (options: Partial<EngineClientOptions> = {}): void => {
  ({ client, logged } = engine.makeClient(options));
};
beforeEach(() => use());

const stubborn = (name: 'mute' | 'deaf'): string =>
  path.join(import.meta.dirname, `../engine/fixtures/${name}.mjs`);
const untilLogged = (text: string): Promise<void> =>
  expect.poll(() => logged.join('\n'), { timeout: 10_000, interval: 5 }).toContain(text);

describe('a request whose engine dies', () => {
  it('is made again of a new one, as are those that wait', async () => {
    const controller = new AbortController();
    const { failure } = await keepBusy(client, controller.signal);
    const waiting = translate(client, 'waits its turn');
    const pid = client.processId!;
    process.kill(pid, 'SIGKILL');
    await untilLogged('“translate” is asked of a new engine in 250 ms.');
    await expect
      .poll(() => client.processId !== undefined && client.processId !== pid, { timeout: 10_000 })
      .toBe(true);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await waiting).toBe('[waits its turn]');
    expect(logged).toContain(`error ${killed} (process ${pid})`);
  });

  it('is made again of one that computes with the processor, whatever device may have killed the first', async () => {
    const devices = { translation: 'webgpu', file: path.resolve('/devices.json'), tryOut: false } as const;
    const modelFolders = [engine.modelsFolder];
    use({ settings: () => ({ modelFolders, threads: 1, idleMs: 0, devices }) });
    expect(await translate(client, 'device')).toBe('webgpu');
    process.kill(client.processId!, 'SIGKILL');
    await expect.poll(() => client.processId, { timeout: 10_000 }).toBeUndefined();
    expect(await translate(client, 'device')).toBe('cpu');
    await client.restart();
    expect(await translate(client, 'device')).toBe('webgpu');
  });

  it('is made again too when the engine was killed at its start', async () => {
    const answer = translate(client, 'one');
    process.kill(client.processId!, 'SIGKILL');
    expect(await answer).toBe('[one]');
  });

  it('fails with the reason when a third dies of it, and then the engine rests until it is restarted', async () => {
    let now = 0;
    const states: EngineState[] = [];
    use({ now: () => now, onStateChange: () => states.push(client.state) });
    const failure = await failureOf(translate(client, 'crash'));
    expect(failure).toMatchObject({ code: 'engine', message: crashed });
    expect(failure.stack).toContain('engineDeaths.test.ts');
    expect(logged.filter((line) => line.startsWith('warn'))).toEqual([
      'warn “translate” is asked of a new engine in 250 ms.',
      'warn “translate” is asked of a new engine in 1000 ms.',
    ]);
    expect(logged.filter((line) => line.startsWith(`error ${crashed}`))).toHaveLength(3);
    expect(states.at(-1)).toBe('resting');

    now = 50_500;
    expect(await failureOf(translate(client, 'again'))).toMatchObject({
      code: 'engine',
      message:
        'The translation engine stopped 3 times within a minute, so it is left alone for 10 seconds. ' +
        'Look into the log, or restart it now.',
    });
    expect(client.processId).toBeUndefined();
    await client.restart();
    expect(client.state).toBe('off');
    expect(await translate(client, 'again')).toBe('[again]');
  });

  it('is not made again once it is cancelled, nor once all ends', async () => {
    const controller = new AbortController();
    const failure = failureOf(translate(client, 'crash', controller.signal));
    await untilLogged('is asked of a new engine');
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });

    const other = failureOf(translate(client, 'crash'));
    await expect
      .poll(() => logged.filter((line) => line.startsWith('warn')).length, { timeout: 10_000 })
      .toBe(2);
    const start = performance.now();
    await client.stop();
    expect(await other).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - start).toBeLessThan(200);
    expect(logged.filter((line) => line.includes('is ready'))).toHaveLength(2);
  });

  it('is not one that the engine refused or failed at', async () => {
    expect(await failureOf(translate(client, 'fail'))).toMatchObject({ code: 'engine', crashed: false });
    expect(logged.filter((line) => line.startsWith('warn'))).toEqual([]);
  });
});

describe('an engine that rests', () => {
  it('says when it has rested, without being asked', async () => {
    let now = 0;
    const states: EngineState[] = [];
    use({
      modulePath: path.join(engine.modelsFolder, 'nowhere.js'),
      now: () => now,
      onStateChange: () => states.push(client.state),
    });
    // Those of more than a minute ago do not count.
    for (const death of [0, 60_000, 60_100, 119_900]) {
      now = death;
      expect(client.state).toBe('off');
      await failureOf(translate(client, 'one'));
    }
    expect(client.state).toBe('resting');
    now = 120_000;
    states.length = 0;
    await expect.poll(() => states, { timeout: 2000 }).toEqual(['off']);
  });
});

describe('an engine that hangs up', () => {
  it('serves no further request, and is killed when it does not end by itself', async () => {
    use({ modulePath: stubborn('deaf') });
    const controller = new AbortController();
    const failure = failureOf(client.request('translate', ask('hang up'), { signal: controller.signal }));
    const pid = client.processId!;
    await expect.poll(() => client.processId, { timeout: 10_000 }).toBeUndefined();
    expect(isRunning(pid)).toBe(true);
    await untilGone(pid, 5000);
    await untilLogged(`error ${killed} (process ${pid})`);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });
});

describe('an engine that does not start', () => {
  it('is told with its exit code, and the log says why; it is not tried again', async () => {
    use({ modulePath: path.join(engine.modelsFolder, 'nowhere.js') });
    expect(await failureOf(translate(client, 'one'))).toMatchObject({
      code: 'engine',
      message: 'The translation engine could not start (exit code 1). The log says why.',
    });
    await expect
      .poll(() => logged.join('\n'), { timeout: 10_000 })
      .toMatch(/^error engine: Error: Cannot find module .*nowhere\.js/m);
    expect(logged.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('is told with the reason when there is not even a process', async () => {
    const { execPath } = process;
    process.execPath = path.join(engine.modelsFolder, 'no-node');
    const failure = failureOf(translate(client, 'one'));
    process.execPath = execPath;
    expect(await failure).toMatchObject({
      code: 'engine',
      message: `The translation engine could not be started: spawn ${engine.modelsFolder}/no-node ENOENT.`,
    });
    expect(await translate(client, 'one')).toBe('[one]');
  });

  it('is told with the reason when the system refuses at once', async () => {
    // What no path may hold stands for what cannot be made to happen here, such as too little memory.
    use({ modulePath: 'no\0path' });
    const failure = await failureOf(translate(client, 'one'));
    expect(failure).toMatchObject({ name: 'EngineError', code: 'engine' });
    expect(failure.message).toMatch(/^The translation engine could not be started: .*null bytes/);
    expect(client.state).toBe('off');
  });

  it('is given up when it stays silent', async () => {
    use({ modulePath: stubborn('mute'), handshakeMs: 300 });
    const failure = failureOf(translate(client, 'one'));
    const pid = client.processId!;
    expect(isRunning(pid)).toBe(true);
    expect(await failure).toMatchObject({
      code: 'engine',
      message: 'The translation engine did not answer within 0.3 seconds after its start. Try again.',
    });
    await untilGone(pid, 1000);
  });
});
