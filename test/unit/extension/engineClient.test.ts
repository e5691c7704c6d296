/** The extension's engine client against real processes; only the model is a stand-in. */
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineClient, type EngineClientOptions } from '../../../extension/engine/engineClient';
import { EngineError } from '../../../extension/engine/engineError';
import { buildEngineBundle, type EngineBundle } from '../engine/fixtures/engineBundle';
import { makeModelsFolder, type ModelsFolder } from '../engine/fixtures/models';
import { isRunning, untilGone } from '../engine/fixtures/processes';
import { collectLog } from './collectLog';

// The sentences are the real ones; of VS Code only the filling-in is needed.
vi.mock('vscode', () => ({
  l10n: {
    t: (message: string, ...values: unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
}));

const stoppedBySigkill =
  'The translation engine stopped unexpectedly (signal SIGKILL). Try again: it will be started afresh.';

let bundle: EngineBundle;
let models: ModelsFolder;
let client: EngineClient;
let logged: string[];

beforeAll(async () => {
  bundle = await buildEngineBundle();
  models = await makeModelsFolder();
  await models.describe('en-de', { from: 'en', to: 'de', name: 'orders' });
});
afterAll(() => Promise.all([bundle.remove(), models.remove()]));

beforeEach(() => {
  client = makeClient();
});
afterEach(() => client.stop());

function makeClient(options: Partial<EngineClientOptions> = {}): EngineClient {
  const { log, lines } = collectLog();
  logged = lines;
  return new EngineClient({ modulePath: bundle.modulePath, modelFolders: [models.folder], log, ...options });
}

const stubborn = (name: 'mute' | 'deaf'): string =>
  path.join(import.meta.dirname, `../engine/fixtures/${name}.mjs`);

async function translate(text: string, signal?: AbortSignal): Promise<string | undefined> {
  const parameters = { from: 'en', to: 'de', texts: [text] };
  const { translations } = await client.request(
    'translate',
    parameters,
    signal === undefined ? {} : { signal },
  );
  return translations[0]?.text;
}

/** What a promise is rejected with; taken at once, so that no rejection goes unhandled. */
const failureOf = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => Promise.reject(new Error('It should have failed.')),
    (error: unknown) => error as EngineError,
  );

/** Gives the engine work that does not end by itself; settles when it is at it. */
async function keepBusy(signal = new AbortController().signal): Promise<{ failure: Promise<EngineError> }> {
  let begin: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const parameters = { from: 'en', to: 'de', texts: ['wait'] };
  const failure = failureOf(client.request('translate', parameters, { signal, onProgress: () => begin() }));
  await begun;
  return { failure };
}

describe('the engine client', () => {
  it('starts the engine with the first request, and keeps it for the next', async () => {
    expect(client.processId).toBeUndefined();
    expect(await translate('one')).toBe('[one]');
    const pid = client.processId;
    expect(await translate('two')).toBe('[two]');
    expect(client.processId).toBe(pid);
    expect(logged.join('\n')).toContain(
      `info The engine is ready: process ${pid!}, protocol 1, models: en → de.`,
    );
  });

  it('counts what is done', async () => {
    const progress: unknown[] = [];
    const parameters = { from: 'en', to: 'de', texts: ['one', 'two'] };
    await client.request('translate', parameters, { onProgress: (step) => progress.push(step) });
    expect(progress).toEqual([
      { done: 0, total: 2 },
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
  });

  it('passes on the engine’s sentence for the person', async () => {
    const failure = await failureOf(client.request('translate', { from: 'en', to: 'ja', texts: ['one'] }));
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({
      code: 'user',
      message: 'There is no model that translates en → ja. Choose a pair that has one: en → de.',
    });
  });
});

describe('when the engine is killed in the middle of requests', () => {
  it('each is rejected with one sentence, and the next starts a fresh engine', async () => {
    const { failure: busy } = await keepBusy();
    const waiting = failureOf(translate('waits its turn'));
    const pid = client.processId!;
    process.kill(pid, 'SIGKILL');
    for (const failure of await Promise.all([busy, waiting])) {
      expect(failure).toMatchObject({ code: 'engine', message: stoppedBySigkill });
      // The stack is of who asked, not of the event that brought the news.
      expect(failure.stack).toContain('engineClient.test.ts');
    }
    expect(await translate('again')).toBe('[again]');
    expect(client.processId).not.toBe(pid);
    expect(logged).toContain(`error ${stoppedBySigkill} (process ${pid})`);
  });

  it('it is left alone for a minute after the third time', async () => {
    let now = 0;
    client = makeClient({ now: () => now });
    for (const death of [0, 10_000, 20_000]) {
      now = death;
      const { failure } = await keepBusy();
      process.kill(client.processId!, 'SIGKILL');
      expect((await failure).message).toBe(stoppedBySigkill);
    }
    now = 50_000;
    expect(await failureOf(translate('again'))).toMatchObject({
      code: 'engine',
      message:
        'The translation engine stopped 3 times within a minute, so it is left alone for now. ' +
        'Look into the log, and try again in 10 seconds.',
    });
    expect(client.processId).toBeUndefined();
    now = 60_000;
    expect(await translate('again')).toBe('[again]');
  });
});

describe('an engine that hangs up', () => {
  it('serves no further request, and is killed when it does not end by itself', async () => {
    client = makeClient({ modulePath: stubborn('deaf') });
    const failure = failureOf(translate('hang up'));
    const pid = client.processId!;
    await expect.poll(() => client.processId, { timeout: 10_000 }).toBeUndefined();
    expect(isRunning(pid)).toBe(true);
    expect(await failure).toMatchObject({ code: 'engine', message: stoppedBySigkill });
    expect(isRunning(pid)).toBe(false);
  });
});

describe('a cancelled request', () => {
  it('is rejected at once, and the engine is free for the next', async () => {
    const controller = new AbortController();
    const { failure } = await keepBusy(controller.signal);
    const next = translate('next');
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    // An engine that had not heard of it would wait for ever.
    expect(await next).toBe('[next]');
  });

  it('does not wait for the engine to start', async () => {
    client = makeClient({ modulePath: stubborn('mute') });
    const controller = new AbortController();
    const failure = failureOf(translate('one', controller.signal));
    controller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await failureOf(translate('two', controller.signal))).toMatchObject({ code: 'cancelled' });
  });
});

describe('an engine that does not start', () => {
  it('is told with its exit code, and the log says why', async () => {
    client = makeClient({ modulePath: path.join(models.folder, 'nowhere.js') });
    expect(await failureOf(translate('one'))).toMatchObject({
      code: 'engine',
      message: 'The translation engine could not start (exit code 1). The log says why.',
    });
    await expect
      .poll(() => logged.join('\n'), { timeout: 10_000 })
      .toMatch(/^error engine: Error: Cannot find module .*nowhere\.js/m);
  });

  it('is told with the reason when there is not even a process', async () => {
    const { execPath } = process;
    process.execPath = path.join(models.folder, 'no-node');
    const failure = failureOf(translate('one'));
    process.execPath = execPath;
    expect(await failure).toMatchObject({
      code: 'engine',
      message: `The translation engine could not be started: spawn ${models.folder}/no-node ENOENT.`,
    });
    expect(await translate('one')).toBe('[one]');
  });

  it('is given up when it stays silent', async () => {
    client = makeClient({
      modulePath: stubborn('mute'),
      handshakeMs: 300,
    });
    const failure = failureOf(translate('one'));
    const pid = client.processId!;
    expect(isRunning(pid)).toBe(true);
    expect(await failure).toMatchObject({
      code: 'engine',
      message: 'The translation engine did not answer within 0.3 seconds after its start. Try again.',
    });
    await untilGone(pid, 1000);
  });
});

describe('at the end', () => {
  it('the engine shuts down, and what is pending is cancelled', async () => {
    const { failure } = await keepBusy();
    const pid = client.processId!;
    client.dispose();
    await client.stop();
    expect(isRunning(pid)).toBe(false);
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(await failureOf(translate('too late'))).toMatchObject({ code: 'cancelled' });
    expect(client.processId).toBeUndefined();
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('an engine that does not listen is killed after half a second', async () => {
    client = makeClient({ modulePath: stubborn('deaf') });
    const failure = failureOf(translate('one'));
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
    client = makeClient({ modulePath: stubborn('mute') });
    const failure = failureOf(translate('one'));
    const pid = client.processId!;
    await client.stop();
    expect(isRunning(pid)).toBe(false);
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });
});
