/** The engine as a process of its own, spoken to over its channel by a plain JSON-RPC connection. */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ProgressType,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  errorNumbers,
  protocolVersion,
  type LogLine,
  type ParametersOf,
  type ReplyOf,
} from '../../../models/engine/protocol';
import { buildEngineBundle, type EngineBundle } from './fixtures/engineBundle';
import { makeModelsFolder, type ModelsFolder } from './fixtures/models';
import { isRunning, untilGone } from './fixtures/processes';

let bundle: EngineBundle;
let models: ModelsFolder;
let engine: ChildProcess;
let connection: MessageConnection;
let errorOutput: string;

beforeAll(async () => {
  bundle = await buildEngineBundle();
  models = await makeModelsFolder();
  await models.describe('en-de', { from: 'en', to: 'de', name: 'orders' });
}, 60_000);
afterAll(() => Promise.all([bundle.remove(), models.remove()]));

beforeEach(() => {
  engine = fork(bundle.modulePath, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  errorOutput = '';
  engine.stderr?.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  connection = createMessageConnection(new IPCMessageReader(engine), new IPCMessageWriter(engine));
  connection.listen();
});
afterEach(() => {
  connection.dispose();
  engine.kill('SIGKILL');
});

const initialize = (version = protocolVersion): Promise<ReplyOf<'initialize'>> =>
  connection.sendRequest('initialize', {
    parameters: { protocolVersion: version, modelFolders: [models.folder], threads: 1 },
  });

const order = (texts: string[], to = 'de'): ParametersOf<'translate'> => ({
  from: 'en',
  to,
  preferredTarget: 'en',
  minimumConfidence: 0,
  texts,
});

const translate = (texts: string[], to?: string): Promise<ReplyOf<'translate'>> =>
  connection.sendRequest('translate', { parameters: order(texts, to) });

/** Gives the engine work that does not end by itself; settles when it is at it. */
async function keepBusy(): Promise<{ cancel: () => void; failure: Promise<unknown> }> {
  const source = new CancellationTokenSource();
  const progressToken = 1;
  const begun = new Promise((resolve) => connection.onProgress(new ProgressType(), progressToken, resolve));
  const envelope = { parameters: order(['wait']), progressToken };
  const failure = connection
    .sendRequest('translate', envelope, source.token)
    .catch((error: unknown) => error);
  await begun;
  return { cancel: () => source.cancel(), failure };
}

const textsOf = ({ translations }: ReplyOf<'translate'>): string[] => translations.map(({ text }) => text);

describe('an engine process', () => {
  it('shakes hands and translates', async () => {
    expect(await initialize()).toMatchObject({
      protocolVersion,
      pid: engine.pid,
      pairs: [{ from: 'en', to: 'de' }],
    });
    expect(textsOf(await translate(['one', 'two']))).toEqual(['[one]', '[two]']);
  });

  it('refuses another version of the protocol, and a pair without a model, each with a sentence', async () => {
    await expect(initialize(99)).rejects.toMatchObject({
      code: errorNumbers.user,
      message: expect.stringContaining('the extension version 99') as string,
    });
    await initialize();
    await expect(translate(['one'], 'ja')).rejects.toMatchObject({
      code: errorNumbers.user,
      message: 'There is no model that translates en → ja. Choose a pair that has one: en → de.',
    });
  });

  it('hears a cancellation while it works, and goes on to the next request', async () => {
    await initialize();
    const { cancel, failure } = await keepBusy();
    const next = translate(['next']);
    cancel();
    expect(await failure).toMatchObject({ code: errorNumbers.cancelled });
    expect(textsOf(await next)).toEqual(['[next]']);
  });

  it('tells a failure, and keeps the text out of the log', async () => {
    await initialize();
    await expect(translate(['fail secretly'])).rejects.toMatchObject({
      code: errorNumbers.engine,
      message: 'Cannot translate “fail secretly”.',
    });
    expect(textsOf(await translate(['next']))).toEqual(['[next]']);
    const lines = logLines();
    expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'The request “translate” failed.',
    ]);
    expect(JSON.stringify(lines.filter(({ level }) => level !== 'debug'))).not.toContain('secretly');
  });

  it('says so when it runs out of memory, and goes on', async () => {
    await initialize();
    await expect(translate(['exhaust'])).rejects.toMatchObject({
      code: errorNumbers.user,
      message: 'The translation engine ran out of memory. Close other programs, or translate less at a time.',
    });
    expect(textsOf(await translate(['next']))).toEqual(['[next]']);
  });

  it('says what a training can do that runs out of memory', async () => {
    await initialize();
    const parameters = { folder: models.folder, begin: 'resume', budget: {}, leg: { threads: 1 } };
    await expect(connection.sendRequest('train', { parameters })).rejects.toMatchObject({
      code: errorNumbers.user,
      message: expect.stringContaining('choose a smaller model, or batches of fewer tokens') as string,
    });
  });

  it('ends with code 1 and a line of log at an exception that nobody catches', async () => {
    await initialize();
    const exit = once(engine, 'close');
    translate(['crash secretly']).catch(() => undefined);
    expect(await exit).toEqual([1, null]);
    const errors = logLines().filter(({ level }) => level !== 'debug');
    expect(errors.at(-1)).toMatchObject({
      level: 'error',
      message: 'The engine ends because of an uncaught exception.',
    });
    expect(errors.at(-1)?.['stack']).toMatch(/^Error\n\s+at /);
    expect(JSON.stringify(errors)).not.toContain('secretly');
  });

  it('answers a shutdown and ends with code 0, whatever it is busy with', async () => {
    await initialize();
    await keepBusy();
    const exit = once(engine, 'exit');
    expect(await connection.sendRequest('shutdown', { parameters: {} })).toBeNull();
    expect(await exit).toEqual([0, null]);
  });

  it('ends when its channel closes, whatever it is busy with', async () => {
    await initialize();
    await keepBusy();
    const exit = once(engine, 'exit');
    engine.disconnect();
    expect(await exit).toEqual([0, null]);
  });

  it('says how it is to be started when nobody listens to it', () => {
    const { status, stderr } = spawnSync(process.execPath, [bundle.modulePath], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('started by the Polyhead extension');
  });

  function logLines(): LogLine[] {
    return errorOutput
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine);
  }
});

describe('an engine whose owner is killed', () => {
  it('is gone within two seconds', async () => {
    const owner = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'fixtures/owner.mjs'), bundle.modulePath],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const pid = await firstNumber(owner);
    expect(isRunning(pid)).toBe(true);
    owner.kill('SIGKILL');
    await untilGone(pid, 2000);
  });

  it.skipIf(process.platform === 'win32')('is gone even when its channel stays open', async () => {
    // A shell stands between: the channel is this test's, the parent is the shell.
    const owner = spawn('sh', ['-c', '"$0" "$1" & echo $!; wait', process.execPath, bundle.modulePath], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const pid = await firstNumber(owner);
    const talk = createMessageConnection(new IPCMessageReader(owner), new IPCMessageWriter(owner));
    talk.listen();
    await talk.sendRequest('initialize', { parameters: { protocolVersion, modelFolders: [], threads: 1 } });
    owner.kill('SIGKILL');
    await untilGone(pid, 2000);
    talk.dispose();
  });

  async function firstNumber({ stdout }: ChildProcess): Promise<number> {
    if (stdout === null) throw new Error('The owner has no standard output.');
    const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
    return Number(line);
  }
});
