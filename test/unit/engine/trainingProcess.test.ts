/** The product's engine as a process that trains: it answers between steps, and saves itself when it has to end. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ProgressType,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  protocolVersion,
  type EngineMethod,
  type ParametersOf,
  type ReplyOf,
  type TrainingEvent,
  type TrainingOutcome,
} from '../../../models/engine/protocol';
import { lastStep } from '../training/killedTrainings';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, writePairs } from '../training/digitStrings';

const inFolder = temporaryFolder('training-process');
let bundle: Bundle;
let engine: ChildProcess;
let connection: MessageConnection;
let tokens = 0;

beforeAll(async () => {
  bundle = await buildBundle('engine');
  await writePairs(inFolder('pairs.en-de.tsv'), digitStrings(130, 1));
  await mkdir(inFolder('models'));
}, 120_000);
afterAll(() => bundle.remove());

beforeEach(start);
afterEach(end);

async function start(): Promise<void> {
  engine = fork(bundle.modulePath, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  connection = createMessageConnection(new IPCMessageReader(engine), new IPCMessageWriter(engine));
  connection.listen();
  await send('initialize', { protocolVersion, modelFolders: [inFolder('models')], threads: 1 });
}

function end(): void {
  connection.dispose();
  engine.kill('SIGKILL');
}

function send<M extends EngineMethod>(method: M, parameters: ParametersOf<M>): Promise<ReplyOf<M>> {
  return connection.sendRequest(method, { parameters });
}

/** Trains without an end; settles when the first steps are told. */
async function startTraining(
  folder: string,
  begin: ParametersOf<'train'>['begin'] = {
    corpora: [{ files: [inFolder('pairs.en-de.tsv')] }],
    ...{ preset: 'tiny', vocabularySize: 305, heldOut: 10, batchTokens: 200 },
  },
): Promise<{ ended: Promise<TrainingOutcome> }> {
  const progressToken = ++tokens;
  const stepping = new Promise<void>((resolve) => {
    connection.onProgress(new ProgressType<TrainingEvent>(), progressToken, ({ kind }) => {
      if (kind === 'steps') resolve();
    });
  });
  const leg = { threads: 1, translatePairs: 0, checkpointEvery: 100_000 };
  const parameters = { folder, begin, budget: {}, leg };
  const ended = connection.sendRequest<TrainingOutcome>('train', { parameters, progressToken });
  ended.catch(() => undefined);
  await Promise.race([stepping, ended]);
  return { ended };
}

describe('an engine that trains', { timeout: 300_000 }, () => {
  it('answers between steps, stops when it is asked to, and goes on in another process', async () => {
    const folder = inFolder('answers');
    const { ended } = await startTraining(folder);
    expect(await send('listPairs', {})).toEqual({ pairs: [] });
    expect((await send('readRun', { folder })).run.trainedBy).toMatchObject({ pid: engine.pid });
    expect((await send('readHistory', { folder, afterStep: 0, most: 100 })).recorded).toBeGreaterThan(0);
    expect(await send('stopTraining', {})).toEqual({ training: true });
    const outcome = await ended;
    expect(outcome).toMatchObject({ kind: 'paused', reason: 'asked', step: await lastStep(folder) });
    expect(outcome.step).toBeGreaterThan(0);
    expect(await send('stopTraining', {})).toEqual({ training: false });
    const more = await startTraining(folder, 'resume');
    await send('stopTraining', {});
    expect((await more.ended).step).toBeGreaterThan(outcome.step);
  });

  it.each([
    ['is told to shut down', () => send('shutdown', {}).catch(() => undefined)],
    [
      'loses its owner',
      () => {
        engine.disconnect();
        return Promise.resolve();
      },
    ],
  ])('saves what it did when it %s', async (how, end) => {
    const folder = inFolder(how.replaceAll(' ', '-'));
    await startTraining(folder);
    expect(await lastStep(folder)).toBe(0);
    const exit = once(engine, 'exit');
    await end();
    expect(await exit).toEqual([0, null]);
    expect(await lastStep(folder)).toBeGreaterThan(0);
    expect(await readdir(folder)).not.toContain('training.lock');
  });

  it('goes on at once where the one before, whose owner has gone, is still saving', async () => {
    const folder = inFolder('reloaded');
    await startTraining(folder);
    const before = engine;
    const exit = once(before, 'exit');
    before.disconnect();
    connection.dispose();
    await start();
    const { ended } = await startTraining(folder, 'resume');
    await send('stopTraining', {});
    const saved = (await ended).step;
    expect(saved).toBeGreaterThan(1);
    expect(await exit).toEqual([0, null]);
  });
});
