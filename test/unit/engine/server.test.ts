import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Attention,
  ObserveOptions,
  TokenPair,
  TranslateOptions,
  Translator,
  Walked,
  WalkRoute,
} from '../../../models/engine/loadedModels';
import {
  automatic,
  protocolVersion,
  type EngineHandlers,
  type ParametersOf,
} from '../../../models/engine/protocol';
import { createHandlers } from '../../../models/engine/server';
import { writeModel } from '../../../models/storage/modelFolder';
import { presetConfig } from '../../../models/transformer/config';
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
  id = 'weights';
  readonly shape = { encoderLayers: 2, decoderLayers: 1, heads: 1 };
  readonly observeOptions: ObserveOptions[] = [];
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
    }));
  }

  /** Two segments; the attention of both is of one head, query and key, in two layers, and differs. */
  async observe(text: string, options: ObserveOptions) {
    this.observeOptions.push(options);
    this.events.push(`observe ${text}`);
    if (text === 'hold') await new Promise<void>((resolve) => (this.release = resolve));
    options.signal.throwIfAborted();
    const pairs = [1, 2].map((place) => ({ source: [place], target: [place] }));
    for (const [index, pair] of pairs.entries()) options.onAttention(index, attentionOf(pair));
    const stretch = { start: 0, end: text.length };
    const segment = {
      source: stretch,
      target: stretch,
      sourceTokens: [],
      targetTokens: [],
      alternatives: [],
    };
    return {
      translated: { text: text.toUpperCase(), segments: [], masked: false },
      segments: [segment, segment],
      pairs,
    };
  }

  attention(pair: TokenPair): Promise<Attention> {
    this.events.push(`attention ${pair.source.join()}`);
    return Promise.resolve(attentionOf(pair));
  }

  walk(pair: TokenPair, route: WalkRoute, candidates: number): Promise<Walked> {
    this.events.push(`walk ${pair.source.join()} ${Object.values(route).join()} ${candidates}`);
    const [values, { scores, weights }] = [
      Float32Array.of(1),
      { scores: Float32Array.of(0), weights: Float32Array.of(1) },
    ];
    const attention = { query: values, scores, weights, context: values };
    return Promise.resolve({
      embedding: { row: values, position: values, sum: values },
      ...{ encoder: attention, decoder: attention, cross: attention },
      activations: { encoder: values, decoder: values },
      states: { encoder: values, decoder: values },
      logits: [{ text: '▁ja', logit: 2, probability: 0.5 }],
      config: presetConfig('tiny', 1000),
    });
  }

  dispose(): Promise<void> {
    this.events.push('disposed');
    return Promise.resolve();
  }
}

/** Layer 0 has the pair's first source token, layer 1 three times it. */
function attentionOf({ source: [first = 0] }: TokenPair): Attention {
  const map = { layers: 2, heads: 1, queries: 1, keys: 1, weights: Float32Array.of(first, 3 * first) };
  return { encoder: map, decoder: map, cross: map };
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
      inspectDevices: () => Promise.reject(new Error('There are no devices here.')),
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

  /** The next load lasts until it is ended. */
  function loadSlowly(translator: Translator): () => void {
    let end: () => void = () => undefined;
    const loading = new Promise<Translator>((resolve) => (end = () => resolve(translator)));
    nextLoad = () => loading;
    return () => end();
  }

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
    await expect.poll(() => translator.events, { timeout: 10_000 }).toEqual(['begin hold']);
    // Only now: of two that come at once either may be the first to have found its model.
    const second = translate(['next']);
    await delay(50);
    expect(translator.events).toEqual(['begin hold']);
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
    const request = order(['masked', 'plain'], { minimumConfidence: 0.4 });
    const { translations } = await handlers.translate(request, context);
    const common = { from: 'en', to: 'de', alreadyInTarget: false };
    const segment = { start: 0, confidence: 0.5, left: false };
    expect(translations).toEqual([
      { ...common, text: 'MASKED', segments: [{ ...segment, end: 6 }], masked: true },
      { ...common, text: 'PLAIN', segments: [{ ...segment, end: 5 }], masked: false },
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
      },
    ]);
    expect(loads).toEqual([]);
  });

  it('leave a text that no model translates, beside others that one does', async () => {
    await models.describe('fr-en', { from: 'fr', to: 'en', name: 'docs' });
    await initialize();
    const { translations } = await handlers.translate(
      order(['fr un', 'en one'], { from: automatic }),
      context,
    );
    expect(translations).toMatchObject([
      { text: 'fr un', alreadyInTarget: false, withoutModel: true, segments: [] },
      { text: 'EN ONE', from: 'en', to: 'de' },
    ]);
    expect(translations[1]).not.toHaveProperty('withoutModel');
    expect(loads.map((folder) => path.basename(folder))).toEqual(['en-de']);
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

  it('find a pair that has come since they shook hands', async () => {
    await rename(path.join(models.folder, 'en-de'), `${models.folder}.en-de`);
    await initialize();
    await expect(translate(['one'])).rejects.toThrow(/^No translation model was found in /);
    await rename(`${models.folder}.en-de`, path.join(models.folder, 'en-de'));
    expect((await translate(['one'])).translations[0]?.text).toBe('ONE');
    await models.describe('de-en', { from: 'de', to: 'en', name: 'later' });
    const { translations } = await handlers.translate(order(['x'], { from: 'de', to: 'en' }), context);
    expect(translations[0]?.text).toBe('X');
  });

  it('free a model that is gone only when all who waited for it to load are served', async () => {
    const translator = new ShoutingTranslator();
    const honest = translator.observe.bind(translator);
    // Its attention is not kept, so that it is computed when it is asked for.
    translator.observe = (text, options) => honest(text, { ...options, onAttention: () => undefined });
    nextLoad = () => Promise.resolve(translator);
    await initialize();
    const looking = { from: 'en', to: 'de', preferredTarget: 'en', candidates: 1, alternatives: 0 };
    const observe = (text: string) => handlers.observe({ ...looking, text }, context);
    const { observation } = await observe('first');
    const [here, elsewhere] = [path.join(models.folder, 'en-de'), `${models.folder}.en-de`];
    const leave = () => rename(here, elsewhere).then(() => handlers.listPairs({}, context));
    await leave();
    await expect.poll(() => translator.events.splice(0).at(-1)).toBe('disposed');
    await rename(elsewhere, here);
    const endLoad = loadSlowly(translator);
    const translating = translate(['one']);
    await expect.poll(() => loads.length).toBe(2);
    const route = { source: 0, target: 0, encoderLayer: 0, decoderLayer: 0, head: 0 };
    const waiting = [
      translating,
      observe('two'),
      handlers.attention({ observation, segment: 0, kind: 'cross', layer: 0 }, context),
      handlers.walk({ observation, segment: 1, ...route, candidates: 1 }, context),
    ];
    await leave();
    endLoad();
    await Promise.all(waiting);
    await expect.poll(() => translator.events).toContain('disposed');
    expect(translator.events.at(-1)).toBe('disposed');
    expect(new Set(translator.events)).toEqual(
      new Set(['begin one', 'end one', 'observe two', 'attention 1', 'walk 2 0,0,0,0,0 1', 'disposed']),
    );
    await rm(elsewhere, { recursive: true });
  });

  it('let a request go that waits for a model to load, and serve the one behind it', async () => {
    const translator = new ShoutingTranslator();
    const endLoad = loadSlowly(translator);
    await initialize();
    const controller = new AbortController();
    const given = translate(['one'], controller.signal);
    await expect.poll(() => loads.length).toBe(1);
    const next = translate(['two']);
    controller.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    endLoad();
    expect((await next).translations[0]?.text).toBe('TWO');
    expect(translator.events).toEqual(['begin two', 'end two']);
  });

  describe('observe', () => {
    let translator: ShoutingTranslator;
    beforeEach(async () => {
      translator = new ShoutingTranslator();
      nextLoad = () => Promise.resolve(translator);
      await initialize();
    });
    const request = (more: Partial<ParametersOf<'observe'>> = {}): ParametersOf<'observe'> => ({
      from: 'en',
      to: 'de',
      preferredTarget: 'en',
      text: 'one',
      candidates: 3,
      alternatives: 2,
      ...more,
    });
    const observe = (more: Partial<ParametersOf<'observe'>> = {}, signal = never) =>
      handlers.observe(request(more), { ...context, signal });
    const attention = (more: Partial<ParametersOf<'attention'>>) =>
      handlers.attention({ observation: 0, segment: 0, kind: 'cross', layer: 'mean', ...more }, context);

    it('a translation, with the model that made it', async () => {
      const reply = await observe({ target: 'eins', minimumConfidence: 0.25, keep: ['one'] });
      expect(reply).toMatchObject({
        translation: { text: 'ONE', from: 'en', to: 'de', alreadyInTarget: false },
        model: { folder: path.join(models.folder, 'en-de'), name: 'software', id: 'weights' },
        encoderLayers: 2,
        decoderLayers: 1,
        heads: 1,
      });
      expect(reply.segments).toHaveLength(2);
      expect(translator.observeOptions[0]).toMatchObject({
        target: 'eins',
        candidates: 3,
        alternatives: 2,
        minimumConfidence: 0.25,
        keep: ['one'],
      });
    });

    it('its attention, layer by layer, without computing it again', async () => {
      const { observation } = await observe();
      const weights = async (segment: number, layer: number | 'mean') => {
        const reply = await attention({ observation, segment, layer });
        expect(reply).toMatchObject({ heads: 1, queries: 1, keys: 1 });
        return [...reply.weights];
      };
      expect(await weights(0, 0)).toEqual([1]);
      expect(await weights(0, 1)).toEqual([3]);
      expect(await weights(1, 'mean')).toEqual([4]);
      expect(translator.events).toEqual(['observe one']);
    });

    it('many, and forget the oldest that nobody asks about', async () => {
      const ids: number[] = [];
      for (let count = 0; count < 17; count++) {
        ids.push((await observe()).observation);
        await attention({ observation: ids[0]! });
      }
      expect(new Set(ids).size).toBe(17);
      const gone = new UserError('This observation is no longer kept. Observe the text again.');
      await expect(attention({ observation: ids[1]! })).rejects.toThrow(gone);
      await expect(attention({ observation: ids[2]! })).resolves.toBeDefined();
      await handlers.release({ observation: ids[2]! }, context);
      await handlers.release({ observation: ids[2]! }, context);
      await expect(attention({ observation: ids[2]! })).rejects.toThrow(gone);
    });

    it('nothing that another engine has observed', async () => {
      const other = createHandlers({
        loadTranslator: nextLoad,
        loadLanguageDetector: () => Promise.resolve(() => undefined),
        loadTraining: () => Promise.reject(new Error('Nothing is trained here.')),
        inspectDevices: () => Promise.reject(new Error('There are no devices here.')),
        log: () => undefined,
        end: () => undefined,
      });
      await other.initialize({ protocolVersion, modelFolders: [models.folder], threads: 1 }, context);
      const { observation } = await observe();
      await other.observe(request(), context);
      const asked = { observation, segment: 0, kind: 'cross', layer: 0 } as const;
      await expect(other.attention(asked, context)).rejects.toThrow('no longer kept');
    });

    it('with the model of a folder, of the pairs’ or of a run', async () => {
      const folder = await models.describe('de-en', { from: 'de', to: 'en', name: 'later' });
      expect((await observe({ folder })).model.name).toBe('later');
      const run = await makeModelsFolder();
      const steps: string[] = [];
      for (const step of ['1', '2', '3'])
        steps.push(await run.describe(step, { from: 'en', to: 'de', name: `step ${step}` }));
      const look = async (checkpoint: string): Promise<string> => {
        nextLoad = () => Promise.resolve((translator = new ShoutingTranslator()));
        return (await observe({ folder: checkpoint })).model.name;
      };
      expect(await look(steps[0]!)).toBe('step 1');
      const first = translator;
      expect(await look(steps[1]!)).toBe('step 2');
      // Both stay while they are compared, and as long as no others are.
      await handlers.listPairs({}, context);
      await look(steps[0]!);
      await look(steps[1]!);
      expect(loads.map((load) => path.basename(load))).toEqual(['de-en', '1', '2']);
      expect(first.events).not.toContain('disposed');
      await look(steps[2]!);
      await expect.poll(() => first.events.at(-1)).toBe('disposed');
      await run.remove();
      await expect(observe({ folder: steps[0]! })).rejects.toThrow(/config\.json/);
      await expect(observe({ folder: 'en-de' })).rejects.toThrow(
        new UserError('“folder” must be the absolute path of a model, not "en-de".'),
      );
    });

    it('and walks through the model with one of its tokens', async () => {
      const { observation } = await observe();
      const route = { source: 0, target: 0, encoderLayer: 1, decoderLayer: 0, head: 0 };
      const walk = (more: object = {}) =>
        handlers.walk({ observation, segment: 1, ...route, candidates: 5, ...more }, context);
      const reply = await walk();
      expect(translator.events.at(-1)).toBe('walk 2 0,0,1,0,0 5');
      expect(reply).toMatchObject({
        model: { dModel: 64, heads: 4, dFf: 256, normalisation: 'pre', embeddingScale: 8 },
        sourceId: 2,
        targetId: 2,
        logits: [{ text: '▁ja', logit: 2, probability: 0.5 }],
      });
      expect(reply).not.toHaveProperty('config');
      const refused: [object, string][] = [
        [{ segment: 2 }, '“segment” must be a whole number from 0 to 1, not 2.'],
        [{ source: 1 }, '“source” must be a whole number from 0 to 0, not 1.'],
        [{ target: -1 }, '“target” must be a whole number from 0 to 0, not -1.'],
        [{ encoderLayer: 2 }, '“encoderLayer” must be a whole number from 0 to 1, not 2.'],
        [{ decoderLayer: 1 }, '“decoderLayer” must be a whole number from 0 to 0, not 1.'],
        [{ head: 0.5 }, '“head” must be a whole number from 0 to 0, not 0.5.'],
        [{ candidates: 0 }, '“candidates” must be a whole number from 1 to 20, not 0.'],
      ];
      for (const [more, sentence] of refused)
        await expect(walk(more)).rejects.toThrow(new UserError(sentence));
      await handlers.release({ observation }, context);
      await expect(walk()).rejects.toThrow('no longer kept');
    });

    it('nothing of a text in the target language, unless the person gives a translation', async () => {
      const reply = await observe({ text: 'de schon fertig' });
      expect(reply).toMatchObject({ translation: { alreadyInTarget: true }, segments: [], heads: 0 });
      expect(loads).toEqual([]);
      expect((await observe({ text: 'de schon', target: 'x' })).segments).toHaveLength(2);
    });

    it('a text of a language that nothing tells, or leave it when told to', async () => {
      const unclear = { from: automatic, text: '?? words' };
      const reply = await observe({ ...unclear, skipUnclear: true });
      expect(reply).toMatchObject({
        translation: { text: '?? words', alreadyInTarget: false },
        segments: [],
        model: { id: '' },
      });
      expect(loads).toEqual([]);
      expect((await observe({ ...unclear, skipUnclear: true, target: 'x' })).segments).toHaveLength(2);
      expect((await observe(unclear)).segments).toHaveLength(2);
      expect((await observe({ from: automatic, text: 'en one', skipUnclear: true })).segments).toHaveLength(
        2,
      );
    });

    it('only what is asked for sensibly', async () => {
      const said = (more: object): Promise<unknown> =>
        observe(more).then(
          () => undefined,
          (error: unknown) => (error instanceof UserError ? error.message : error),
        );
      expect(await said({ candidates: 21 })).toBe(
        '“candidates” must be a whole number from 0 to 20, not 21.',
      );
      expect(await said({ alternatives: -1 })).toBe(
        '“alternatives” must be a whole number from 0 to 10, not -1.',
      );
      expect(await said({ alternatives: '__proto__' })).toMatch(/must be a whole number/);
      expect(await said({ minimumConfidence: NaN })).toMatch(/between 0 and 1/);
      expect(await said({ keep: 'a' })).toBe('“keep” must be a list of texts, not "a".');
      expect(await said({ keep: [1] })).toMatch(/must be a list of texts/);
      expect(await said({ text: 1 })).toBe('“text” must be a text, not 1.');
      expect(await said({ target: null })).toBe('“target” must be a text, not null.');
      expect(await said({ folder: ['/'] })).toMatch(/“folder” must be a text/);
      expect(await said({ text: 'x'.repeat(10_001) })).toBe(
        '“text” has 10001 characters; at most 10000 can be looked at at once. Take a part of it.',
      );
      expect(loads).toEqual([]);

      const { observation } = await observe();
      const asked = (more: object): Promise<unknown> =>
        attention({ observation, ...more }).then(
          () => undefined,
          (error: unknown) => (error instanceof UserError ? error.message : error),
        );
      expect(await asked({ segment: 2 })).toBe(
        'There is no segment 2 in this observation: it has 2, numbered from 0.',
      );
      expect(await asked({ segment: 'length' })).toMatch(/no segment "length"/);
      expect(await asked({ kind: 'constructor' })).toBe(
        'There is no attention "constructor": ask for one of encoder, decoder, cross.',
      );
      for (const layer of [2, -1, 0.5, '0', null]) {
        expect(await asked({ layer })).toMatch(/no layer .*: ask for one from 0 to 1, or for the “mean”/);
      }
      expect(await asked({ observation: {} })).toMatch(/no longer kept/);
    });

    it('and stop when told to', async () => {
      const controller = new AbortController();
      const waiting = observe({ text: 'hold' }, controller.signal);
      await expect.poll(() => translator.events).toEqual(['observe hold']);
      controller.abort(new Error('given up'));
      translator.release();
      await expect(waiting).rejects.toThrow('given up');
    });
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
