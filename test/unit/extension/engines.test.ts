/** The two engines together, with real processes. */
import { mkdir } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Engines, type EnginesOptions } from '../../../extension/engine/engines';
import { writeModel } from '../../../models/storage/modelFolder';
import { isRunning, untilGone } from '../engine/fixtures/processes';
import { tinyModel } from '../tinyModel';
import { collectLog } from './collectLog';
import { ask, failureOf, useEngine } from './engineHarness';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());

const engine = useEngine();
const started: Engines[] = [];
afterEach(() => Promise.all(started.splice(0).map((engines) => engines.stop())));

function makeEngines(options: Partial<EnginesOptions> = {}): Engines {
  const engines = new Engines({
    modulePath: engine.modulePath,
    settings: () => ({ modelFolders: [engine.modelsFolder], threads: 1, idleMs: 0 }),
    log: collectLog().log,
    ...options,
  });
  started.push(engines);
  return engines;
}

const textOf = async (engines: Engines, ...texts: string[]): Promise<string | undefined> =>
  (await engines.translate(ask(...texts))).translations[0]?.text;
const long = 'x'.repeat(5_000);

/** Keeps the engine for long texts at work. */
async function keepPatientBusy(engines: Engines): Promise<{ failure: Promise<Error>; pid: number }> {
  let begin: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const failure = failureOf(engines.translate(ask('wait', long, long), { onProgress: () => begin() }));
  await begun;
  return { failure, pid: engines.processIds.at(-1)! };
}

describe('the engines', () => {
  it('give long texts to a patient one, and answer short ones meanwhile', async () => {
    const engines = makeEngines();
    expect(engines.state).toBe('off');
    expect(await textOf(engines, long, long)).toBe(`[${long}]`);
    expect(engines.processIds).toHaveLength(1);
    const { failure, pid } = await keepPatientBusy(engines);
    expect(engines.state).toBe('working');
    expect(engines.processIds).toHaveLength(2);
    expect(await textOf(engines, 'short')).toBe('[short]');
    expect(await engines.pairs()).toMatchObject([{ from: 'en', to: 'de' }]);
    if (process.platform !== 'win32') {
      const { PRIORITY_BELOW_NORMAL } = constants.priority;
      expect(engines.processIds.map((id) => getPriority(id))).toEqual([getPriority(), PRIORITY_BELOW_NORMAL]);
    }
    await engines.stop();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(engines.processIds).toEqual([]);
    expect(isRunning(pid)).toBe(false);
    expect(engines.state).toBe('off');
  });

  it('tell how a translation came about, its attention as bytes, as long as they keep it', async () => {
    const engines = makeEngines();
    const order = (text: string) => ({
      from: 'en',
      to: 'de',
      preferredTarget: 'en',
      text,
      candidates: 0,
      alternatives: 0,
    });
    const asked = { segment: 0, kind: 'cross', layer: 0 } as const;
    const { observation } = await engines.observe(order('one'));
    const { weights } = await engines.attention({ observation, ...asked });
    expect(weights).toBeInstanceOf(Float32Array);
    expect(weights).toEqual(Float32Array.of(0.1 + 0.2));

    const controller = new AbortController();
    const cancelled = failureOf(engines.observe(order('wait'), { signal: controller.signal }));
    controller.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });

    await engines.release(observation);
    const gone = { code: 'user', message: 'This observation is no longer kept. Observe the text again.' };
    expect(await failureOf(engines.attention({ observation, ...asked }))).toMatchObject(gone);
    const { observation: next } = await engines.observe(order('two'));
    await engines.restart();
    await engines.release(next);
    expect(engines.processIds).toEqual([]);
    expect(await failureOf(engines.attention({ observation: next, ...asked }))).toMatchObject(gone);
  });

  it('start again with what the settings say then', async () => {
    let modelFolders = [engine.modelsFolder];
    const engines = makeEngines({ settings: () => ({ modelFolders, threads: 1, idleMs: 0 }) });
    expect(await engines.pairs()).toHaveLength(1);
    modelFolders = [];
    await engines.restart();
    expect(engines.processIds).toEqual([]);
    expect(await engines.pairs()).toEqual([]);
  });

  it('tell when they were started afresh, after what was cancelled, so that it can go on', async () => {
    const engines = makeEngines();
    const heard: string[] = [];
    const { failure } = await keepPatientBusy(engines);
    const cancelled = failure.then(() => heard.push('cancelled'));
    const listening = engines.onDidChangeModels(() => heard.push('models'));
    await engines.restart();
    await cancelled;
    expect(heard).toEqual(['cancelled', 'models']);
    listening.dispose();
    await engines.restart();
    expect(heard).toHaveLength(2);
  });

  it('end the patient one for an imported model, and not for one that was there', async () => {
    const folder = path.join(path.dirname(engine.modulePath), 'a-model');
    await mkdir(folder);
    await writeModel(folder, tinyModel(), 'F16');
    const modelsFolder = path.join(path.dirname(engine.modulePath), 'imported');
    const engines = makeEngines();
    await textOf(engines, long, long, 'x');
    const [pid] = engines.processIds;
    expect(await engines.importModel({ folder, modelsFolder, replace: false })).toMatchObject({
      outcome: 'imported',
    });
    await untilGone(pid!, 5000);
    await textOf(engines, long, long, 'x');
    const pids = engines.processIds;
    expect(await engines.importModel({ folder, modelsFolder, replace: false })).toMatchObject({
      outcome: 'exists',
    });
    expect(engines.processIds).toEqual(pids);
  });

  it('say why they cannot run, and start nothing', async () => {
    const settings = vi.fn();
    const engines = makeEngines({ unsupported: 'Not here.', settings });
    const parameters = { folder: '', modelsFolder: '', replace: false };
    for (const asked of [engines.translate(ask('one')), engines.pairs(), engines.importModel(parameters)])
      expect(await failureOf(asked)).toMatchObject({ code: 'user', message: 'Not here.' });
    expect(settings).not.toHaveBeenCalled();
    expect(engines.state).toBe('off');
    expect(engines.processIds).toEqual([]);
  });
});
