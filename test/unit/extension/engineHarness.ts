/** Engine clients of real processes for tests; only the model is a stand-in, which follows orders. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { EngineClient, loadProgram, type EngineClientOptions } from '../../../extension/engine/engineClient';
import type { EngineError } from '../../../extension/engine/engineError';
import type { ParametersOf } from '../../../models/engine/protocol';
import { buildEngineBundle, type EngineBundle } from '../engine/fixtures/engineBundle';
import { makeModelsFolder, type ModelsFolder } from '../engine/fixtures/models';
import { collectLog } from './collectLog';

export interface Harness {
  readonly modulePath: string;
  /** Holds one model, en → de. */
  readonly modelsFolder: string;
  /** A client that is stopped after the test, and what it logs. */
  makeClient(options?: Partial<EngineClientOptions>): { client: EngineClient; logged: string[] };
}

/** Builds the bundle before a file's tests, and stops what they started. */
export function useEngine(): Harness {
  let bundle: EngineBundle;
  let models: ModelsFolder;
  const clients: EngineClient[] = [];
  beforeAll(async () => {
    // So that a request starts its engine at once, as all but a window's first one do.
    await loadProgram();
    bundle = await buildEngineBundle();
    models = await makeModelsFolder();
    await models.describe('en-de', { from: 'en', to: 'de', name: 'orders' });
  });
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.stop())));
  afterAll(() => Promise.all([bundle.remove(), models.remove()]));
  return {
    get modulePath() {
      return bundle.modulePath;
    },
    get modelsFolder() {
      return models.folder;
    },
    makeClient(options = {}) {
      const { log, lines } = collectLog();
      const client = new EngineClient({
        modulePath: bundle.modulePath,
        settings: () => ({ modelFolders: [models.folder], threads: 1, idleMs: 0 }),
        priority: 'normal',
        log,
        ...options,
      });
      clients.push(client);
      return { client, logged: lines };
    },
  };
}

export const ask = (...texts: string[]): ParametersOf<'translate'> => ({
  from: 'en',
  to: 'de',
  preferredTarget: 'de',
  minimumConfidence: 0,
  texts,
});

export async function translate(
  client: EngineClient,
  text: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const options = signal === undefined ? {} : { signal };
  return (await client.request('translate', ask(text), options)).translations[0]?.text;
}

/** What a promise is rejected with; taken at once, so that no rejection goes unhandled. */
export const failureOf = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => Promise.reject(new Error('It should have failed.')),
    (error: unknown) => error as EngineError,
  );

/** Gives the engine work that does not end by itself; settles when it is at it. */
export async function keepBusy(
  client: Pick<EngineClient, 'request'>,
  signal = new AbortController().signal,
): Promise<{ failure: Promise<EngineError> }> {
  let begin: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const failure = failureOf(client.request('translate', ask('wait'), { signal, onProgress: () => begin() }));
  await begun;
  return { failure };
}
