import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TranslateOptions, Translator } from '../../../models/engine/loadedModels';
import {
  automatic,
  protocolVersion,
  type EngineHandlers,
  type ParametersOf,
} from '../../../models/engine/protocol';
import { createHandlers } from '../../../models/engine/server';
import { writeModel } from '../../../models/storage/modelFolder';
import { UserError } from '../../../models/userError';
import { tinyModel } from '../tinyModel';
import { makeModelsFolder, type ModelsFolder } from './fixtures/models';

const never = new AbortController().signal;
const context = { signal: never, report: () => undefined };

/** Upper-cases; `hold` keeps it busy until `release` is called. */
class ShoutingTranslator implements Translator {
  readonly events: string[] = [];
  readonly minimumConfidences: number[] = [];
  readonly kept: TranslateOptions['keep'][] = [];
  score = -0.5;
  release: () => void = () => undefined;

  async translate(texts: readonly string[], { minimumConfidence, keep, onProgress }: TranslateOptions) {
    this.events.push(`begin ${texts.join()}`);
    this.minimumConfidences.push(minimumConfidence);
    this.kept.push(keep);
    if (texts.includes('hold')) await new Promise<void>((resolve) => (this.release = resolve));
    // Two sentences a text, unless there are none.
    if (!texts.includes('fr …')) {
      onProgress(texts.length, 2 * texts.length);
      onProgress(2 * texts.length, 2 * texts.length);
    }
    this.events.push(`end ${texts.join()}`);
    return texts.map((text) => ({
      text: text.toUpperCase(),
      segments: [{ start: 0, end: text.length, confidence: 0.5, left: false }],
      score: this.score,
      masked: text === 'masked',
      truncated: text === 'truncated',
    }));
  }

  dispose(): Promise<void> {
    this.events.push('disposed');
    return Promise.resolve();
  }
}

describe('the engine’s handlers', () => {
  let models: ModelsFolder;
  let loads: string[];
  let threadsOfLoads: number[];
  let ended: boolean;
  let nextLoad: () => Promise<Translator>;
  let handlers: EngineHandlers;
  const order = (
    texts: string[],
    more: Partial<ParametersOf<'translate'>> = {},
  ): ParametersOf<'translate'> => ({
    from: 'en',
    to: 'de',
    preferredTarget: 'en',
    minimumConfidence: 0,
    texts,
    ...more,
  });
  const translate = (texts: string[], signal = never) =>
    handlers.translate(order(texts), { ...context, signal });

  beforeEach(async () => {
    models = await makeModelsFolder();
    await models.describe('en-de', { from: 'en', to: 'de', name: 'software' });
    loads = [];
    threadsOfLoads = [];
    ended = false;
    const translator = new ShoutingTranslator();
    nextLoad = () => Promise.resolve(translator);
    handlers = createHandlers({
      loadTranslator: (folder, threads) => {
        loads.push(folder);
        threadsOfLoads.push(threads);
        return nextLoad();
      },
      // `de …` is German, and so on; what begins otherwise is in doubt.
      loadLanguageDetector: () =>
        Promise.resolve((text, candidates) => {
          const language = text.slice(0, 2);
          return candidates.includes(language) ? { language, reliable: true } : undefined;
        }),
      loadTraining: () => Promise.reject(new Error('Nothing is trained here.')),
      log: () => undefined,
      end: () => (ended = true),
    });
  });
  afterEach(() => models.remove());

  const initialize = (): ReturnType<EngineHandlers['initialize']> =>
    handlers.initialize(
      { protocolVersion, modelFolders: [models.folder], threads: 3 },
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
      { protocolVersion: protocolVersion + 1, modelFolders: [models.folder], threads: 3 },
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
    expect(threadsOfLoads).toEqual([3]);
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
    await expect(handlers.translate(order(['one'], { to: 'ja' }), context)).rejects.toThrow(
      new UserError('There is no model that translates en → ja. Choose a pair that has one: en → de.'),
    );
  });

  it('pass on progress, and end when told to', async () => {
    await initialize();
    const progress: unknown[] = [];
    await handlers.translate(order(['one']), { signal: never, report: (step) => progress.push(step) });
    expect(progress).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
    expect(await handlers.shutdown({}, { signal: never, report: () => undefined })).toBeNull();
    expect(ended).toBe(true);
  });

  it('tell all about a translation, and hand on the least confidence', async () => {
    const translator = new ShoutingTranslator();
    nextLoad = () => Promise.resolve(translator);
    await initialize();
    const request = order(['masked', 'truncated'], { minimumConfidence: 0.4 });
    const { translations } = await handlers.translate(request, context);
    const common = { from: 'en', to: 'de', alreadyInTarget: false };
    const segment = { start: 0, confidence: 0.5, left: false };
    expect(translations).toEqual([
      { ...common, text: 'MASKED', segments: [{ ...segment, end: 6 }], masked: true, truncated: false },
      { ...common, text: 'TRUNCATED', segments: [{ ...segment, end: 9 }], masked: false, truncated: true },
    ]);
    expect(translator.minimumConfidences).toEqual([0.4]);
  });

  it('say that a text is in the target language already, and load no model for it', async () => {
    await initialize();
    const reply = await translate(['de schon fertig']);
    expect(reply.translations).toEqual([
      {
        text: 'de schon fertig',
        from: 'en',
        to: 'de',
        alreadyInTarget: true,
        segments: [],
        masked: false,
        truncated: false,
      },
    ]);
    expect(loads).toEqual([]);
  });

  it('translate each text with the pair of its language, in the order in which they came', async () => {
    await models.describe('fr-de', { from: 'fr', to: 'de', name: 'docs' });
    await initialize();
    const texts = ['en one', 'fr un', 'de eins', 'en two'];
    const keep = [['a'], ['b'], [], ['c', 'd']];
    const translator = new ShoutingTranslator();
    nextLoad = () => Promise.resolve(translator);
    const progress: unknown[] = [];
    const { translations } = await handlers.translate(order(texts, { from: automatic, keep }), {
      ...context,
      report: (step) => progress.push(step),
    });
    expect(translations.map(({ text, from, alreadyInTarget }) => [text, from, alreadyInTarget])).toEqual([
      ['EN ONE', 'en', false],
      ['FR UN', 'fr', false],
      ['de eins', 'en', true],
      ['EN TWO', 'en', false],
    ]);
    expect(loads.map((folder) => path.basename(folder))).toEqual(['en-de', 'fr-de']);
    expect(translator.kept).toEqual([[['a'], ['c', 'd']], [['b']]]);
    // Until the second model has counted, its text counts as one sentence.
    expect(progress).toEqual([
      { done: 2, total: 5 },
      { done: 4, total: 5 },
      { done: 5, total: 6 },
      { done: 6, total: 6 },
    ]);
  });

  it('count a text without sentences as done', async () => {
    await models.describe('fr-de', { from: 'fr', to: 'de', name: 'docs' });
    await initialize();
    const progress: unknown[] = [];
    await handlers.translate(order(['fr …', 'en one'], { from: automatic }), {
      ...context,
      report: (step) => progress.push(step),
    });
    expect(progress.at(-1)).toEqual({ done: 3, total: 3 });
  });

  it('list the pairs anew', async () => {
    await initialize();
    await models.describe('de-en', { from: 'de', to: 'en', name: 'later' });
    const { pairs } = await handlers.listPairs({}, context);
    expect(pairs.map(({ name }) => name)).toEqual(['later', 'software']);
    await expect(handlers.translate(order(['x'], { from: 'de', to: 'en' }), context)).resolves.toBeDefined();
  });

  it('find a model that has come in the place of another', async () => {
    await initialize();
    await rename(path.join(models.folder, 'en-de'), path.join(models.folder, 'en-de-2'));
    await translate(['one']);
    expect(loads).toEqual([path.join(models.folder, 'en-de-2')]);
  });

  describe('import a model', () => {
    let foreign: string;
    let translator: ShoutingTranslator;
    beforeEach(async () => {
      foreign = path.join(models.folder, 'foreign');
      await mkdir(foreign);
      await writeModel(foreign, tinyModel(), 'F16');
      // Out of the catalogue's sight.
      await rename(foreign, (foreign = `${models.folder}.foreign`));
      translator = new ShoutingTranslator();
      nextLoad = () => Promise.resolve(translator);
      await initialize();
    });
    afterEach(() => rm(foreign, { recursive: true }));

    const importing = (replace: boolean, signal = never) =>
      handlers.importModel(
        { folder: foreign, modelsFolder: models.folder, replace },
        { signal, report: () => undefined },
      );
    const existing = () => path.join(models.folder, 'en-de');

    it('only where there is none for the pair, unless it is to be replaced', async () => {
      expect(await importing(false)).toEqual({
        outcome: 'exists',
        pair: { from: 'en', to: 'de', folder: existing(), name: 'software' },
      });
      expect(loads).toEqual([]);
      await rm(existing(), { recursive: true });
      expect(await importing(false)).toEqual({
        outcome: 'imported',
        pair: { from: 'en', to: 'de', folder: existing(), name: 'tiny en-de' },
      });
    });

    it('after a trial, whose memory is freed', async () => {
      await importing(true);
      expect(loads).toHaveLength(1);
      expect(loads[0]).toContain('.unfinished-');
      expect(translator.events).toEqual(['begin Hello, world.', 'end Hello, world.', 'disposed']);
    });

    it('and use it from then on', async () => {
      await translate(['one']);
      const old = translator;
      translator = new ShoutingTranslator();
      const { pair } = await importing(true);
      await translate(['two']);
      await expect.poll(() => old.events.at(-1)).toBe('disposed');
      expect(old.events.filter((event) => event.startsWith('end'))).toEqual(['end one']);
      expect([loads[0], loads.at(-1)]).toEqual([existing(), pair.folder]);
      expect(pair.folder).toBe(path.join(models.folder, 'en-de-2'));
      expect((await handlers.listPairs({}, context)).pairs).toEqual([pair]);
    });

    it('when what is translated with the old one is done', async () => {
      const held = translate(['hold']);
      await expect.poll(() => translator.events).toEqual(['begin hold']);
      const old = translator;
      translator = new ShoutingTranslator();
      await importing(true);
      expect(old.events).toEqual(['begin hold']);
      old.release();
      expect((await held).translations[0]?.text).toBe('HOLD');
      await expect.poll(() => old.events).toEqual(['begin hold', 'end hold', 'disposed']);
    });

    it('unless it does not work', async () => {
      translator.score = NaN;
      await expect(importing(true)).rejects.toThrow(
        new UserError(
          `The model in ${foreign} cannot be used: it computes numbers that are not finite. Train or export it anew.`,
        ),
      );
      nextLoad = () => Promise.reject(new Error('std::bad_alloc'));
      await expect(importing(true)).rejects.toThrow(/^The translation engine ran out of memory\./);
      expect((await handlers.listPairs({}, context)).pairs.map(({ folder }) => folder)).toEqual([existing()]);
    });
  });
});
