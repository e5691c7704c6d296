import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandlers, type Translator } from '../../../models/engine/server';
import { protocolVersion, type EngineHandlers } from '../../../models/engine/protocol';
import { UserError } from '../../../models/userError';
import { makeModelsFolder, type ModelsFolder } from './fixtures/models';

const never = new AbortController().signal;
const context = { signal: never, report: () => undefined };

/** Upper-cases; `hold` keeps it busy until `release` is called. */
class ShoutingTranslator implements Translator {
  readonly events: string[] = [];
  release: () => void = () => undefined;

  async translate(texts: readonly string[], { onProgress }: Parameters<Translator['translate']>[1]) {
    this.events.push(`begin ${texts.join()}`);
    if (texts.includes('hold')) await new Promise<void>((resolve) => (this.release = resolve));
    onProgress(1, 1);
    this.events.push(`end ${texts.join()}`);
    return texts.map((text) => ({ text: text.toUpperCase(), score: 0, masked: false, truncated: false }));
  }
}

describe('the engine’s handlers', () => {
  let models: ModelsFolder;
  let loads: string[];
  let ended: boolean;
  let nextLoad: () => Promise<Translator>;
  let handlers: EngineHandlers;
  const translate = (texts: string[], signal = never) =>
    handlers.translate({ from: 'en', to: 'de', texts }, { ...context, signal });

  beforeEach(async () => {
    models = await makeModelsFolder();
    await models.describe('en-de', { from: 'en', to: 'de', name: 'software' });
    loads = [];
    ended = false;
    const translator = new ShoutingTranslator();
    nextLoad = () => Promise.resolve(translator);
    handlers = createHandlers({
      loadTranslator: (folder) => {
        loads.push(folder);
        return nextLoad();
      },
      log: () => undefined,
      end: () => (ended = true),
    });
  });
  afterEach(() => models.remove());

  const initialize = (): ReturnType<EngineHandlers['initialize']> =>
    handlers.initialize(
      { protocolVersion, modelFolders: [models.folder] },
      { signal: never, report: () => undefined },
    );

  it('shake hands without loading a model', async () => {
    const reply = await initialize();
    expect(reply).toMatchObject({ protocolVersion, pid: process.pid });
    expect(reply.pairs.map(({ name }) => name)).toEqual(['software']);
    expect(loads).toEqual([]);
  });

  it('refuse an owner of another protocol version with a sentence', async () => {
    const handshake = handlers.initialize(
      { protocolVersion: protocolVersion + 1, modelFolders: [models.folder] },
      { signal: never, report: () => undefined },
    );
    await expect(handshake).rejects.toThrow(
      new UserError(
        `The translation engine speaks version ${protocolVersion} of its protocol, and the extension version ${protocolVersion + 1}: ` +
          'they come from different versions of Polyhead. Reload the window.',
      ),
    );
    await expect(translate(['hello'])).rejects.toThrow(/before the handshake/);
  });

  it('load a model with the first request for it, once for all who ask', async () => {
    await initialize();
    const replies = await Promise.all([translate(['one']), translate(['two'])]);
    expect(replies.map(({ translations }) => translations[0]?.text)).toEqual(['ONE', 'TWO']);
    expect(loads).toHaveLength(1);
  });

  it('tell a failed load, and try again with the next request', async () => {
    await initialize();
    const working = nextLoad;
    nextLoad = () => Promise.reject(new Error('model.safetensors is cut short'));
    const folder = path.join(models.folder, 'en-de');
    await expect(translate(['one'])).rejects.toThrow(
      new Error(`The model in ${folder} could not be loaded: model.safetensors is cut short`),
    );
    nextLoad = () => Promise.reject(new UserError('model.safetensors is of another model.'));
    await expect(translate(['one'])).rejects.toThrow(new UserError('model.safetensors is of another model.'));
    nextLoad = working;
    expect((await translate(['one'])).translations[0]?.text).toBe('ONE');
    expect(loads).toHaveLength(3);
  });

  it('let a waiting request go while a model loads', async () => {
    await initialize();
    nextLoad = () => new Promise(() => undefined);
    const controller = new AbortController();
    const waiting = translate(['one'], controller.signal);
    controller.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
  });

  it('give a model one request at a time', async () => {
    const translator = new ShoutingTranslator();
    nextLoad = () => Promise.resolve(translator);
    await initialize();
    const first = translate(['hold']);
    const second = translate(['next']);
    await expect.poll(() => translator.events, { timeout: 10_000 }).toEqual(['begin hold']);
    translator.release();
    await Promise.all([first, second]);
    expect(translator.events).toEqual(['begin hold', 'end hold', 'begin next', 'end next']);
  });

  it('name the pairs that there are when asked for another', async () => {
    await initialize();
    await expect(handlers.translate({ from: 'en', to: 'ja', texts: ['one'] }, context)).rejects.toThrow(
      new UserError('There is no model that translates en → ja. Choose a pair that has one: en → de.'),
    );
  });

  it('pass on progress, and end when told to', async () => {
    await initialize();
    const progress: unknown[] = [];
    await handlers.translate(
      { from: 'en', to: 'de', texts: ['one'] },
      { signal: never, report: (step) => progress.push(step) },
    );
    expect(progress).toEqual([{ done: 1, total: 1 }]);
    expect(await handlers.shutdown({}, { signal: never, report: () => undefined })).toBeNull();
    expect(ended).toBe(true);
  });
});
