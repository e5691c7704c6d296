/** The hover's provider with an engine that says what the test wants, when the test wants it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { EngineError } from '../../../extension/engine/engineError';
import { openHover, type HoverServices } from '../../../extension/hover/hoverProvider';
import { offsetIn } from '../../../extension/hover/pointedPassage';
import type { Passage } from '../../../extension/prose/passage';
import type { ParametersOf, ReplyOf } from '../../../models/engine/protocol';
import { asDocument, FakeDocument, Position, Selection, type FakeVscode } from '../extension/fakeVscode';
import { collectLog } from '../extension/collectLog';
import { expectLinear } from '../text/linearTime';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const fake = (await import('vscode')) as unknown as FakeVscode;
const { editor } = fake;

type Observe = ParametersOf<'observe'>;

/** Sentences end with a full stop; each is two tokens and the end, and becomes its capitals. */
function observed(
  parameters: Observe,
  more: Partial<ReplyOf<'observe'>['translation']> = {},
): ReplyOf<'observe'> {
  const text = parameters.text.toUpperCase();
  const segments = [...text.matchAll(/[^.]*\./g)].map(({ 0: sentence, index }) => {
    const middle = index + 3;
    const end = index + sentence.length;
    const stretch = { start: index, end };
    const token = (from: number, to: number) => ({ text: text.slice(from, to), start: from, end: to });
    const tokens = [token(index, middle), token(middle, end), { text: '</s>', start: end, end }];
    return {
      source: stretch,
      target: stretch,
      sourceTokens: tokens,
      targetTokens: tokens.map((each) => ({ ...each, probability: 0.5, candidates: [] })),
      alternatives: [],
      confidence: 0.9,
    };
  });
  return {
    observation: 1,
    translation: {
      text,
      from: 'de',
      to: 'en',
      alreadyInTarget: false,
      segments: segments.map(({ target }) => ({ ...target, confidence: 0.9, left: false })),
      masked: false,
      ...more,
    },
    model: { folder: '/models/de-en', name: 'model', id: 'weights' },
    encoderLayers: 1,
    decoderLayers: 1,
    heads: 1,
    segments,
  };
}

/** As the engine answers where it leaves a text. */
function left(parameters: Observe, alreadyInTarget: boolean): ReplyOf<'observe'> {
  const reply = observed(parameters, { text: parameters.text, segments: [], alreadyInTarget });
  return { ...reply, model: { ...reply.model, id: '' }, segments: [] };
}

const weights = { heads: 1, queries: 3, keys: 3, weights: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };

describe('the hover’s provider', () => {
  let provider: vscode.HoverProvider;
  let document: FakeDocument;
  let asked: Observe[];
  let attentionAsked: number;
  let signals: AbortSignal[];
  let answer: (parameters: Observe) => Promise<ReplyOf<'observe'>>;
  let attention: () => Promise<ReplyOf<'attention'>>;
  let engines: { state: string };
  let changeModels: () => void;
  let passage: Passage | undefined;
  let readingHands: (signal: AbortSignal) => Promise<void>;

  beforeEach(() => {
    editor.configuration.clear();
    editor.visibleTextEditors.length = 0;
    editor.said.length = 0;
    document = new FakeDocument(fake, '// eins zwei. drei vier.\ncode();\n', 'typescript');
    passage = passageOf(3, 24);
    asked = [];
    signals = [];
    attentionAsked = 0;
    answer = (parameters) => Promise.resolve(observed(parameters));
    attention = () => Promise.resolve(weights);
    readingHands = () => Promise.resolve();
    engines = {
      state: 'ready',
      ...{
        onDidChangeModels: (listener: () => void) => {
          changeModels = listener;
          return { dispose: () => undefined };
        },
        observe: (parameters: Observe, { signal }: { signal: AbortSignal }) => {
          asked.push(parameters);
          signals.push(signal);
          return untilAborted(answer(parameters), signal);
        },
        attention: () => {
          attentionAsked++;
          return attention();
        },
      },
    };
    provider = openHover({
      engines,
      languages: { request: () => ({ from: 'auto', to: 'en', preferredTarget: 'en' }) },
      log: collectLog().log,
      finder: {
        async passageAt(_: unknown, { line }: Position, __: unknown, signal: AbortSignal) {
          await readingHands(signal);
          signal.throwIfAborted();
          return line === 0 ? passage : undefined;
        },
        partsIn: () => Promise.resolve([]),
        partOfString: () => Promise.resolve(undefined),
        namesIn: () => Promise.resolve([]),
      },
    } as unknown as HoverServices);
  });

  function passageOf(start: number, end: number): Passage {
    const text = document.text.slice(start, end);
    return {
      span: { start, end },
      text,
      keep: ['zwei'],
      fits: () => true,
      fit: (translation) => `${translation} (fitted)`,
      below: (translation) => ({ line: 0, text: `\n${translation}` }),
    };
  }

  function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new EngineError('cancelled', 'Cancelled.')));
      promise.then(resolve, reject);
    });
  }

  /** A token that is cancelled when `cancel` is called. */
  function cancellable(): { token: vscode.CancellationToken; cancel: () => void } {
    const listeners = new Set<() => void>();
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => void) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    };
    return {
      token: token as unknown as vscode.CancellationToken,
      cancel: () => {
        token.isCancellationRequested = true;
        for (const listener of listeners) listener();
      },
    };
  }

  async function hover(character = 5, token = cancellable().token, line = 0): Promise<string | undefined> {
    const shown = await provider.provideHover(
      asDocument(document),
      new Position(line, character) as unknown as vscode.Position,
      token,
    );
    return (shown as unknown as { contents: { value: string } } | undefined)?.contents.value;
  }

  const idIn = (shown: string | undefined): number =>
    Number(/replaceByHover\?%5B(\d+)%5D/.exec(shown ?? '')?.[1]);

  it('shows the translation, its links and the attention of the sentence that is pointed at', async () => {
    const first = await hover(5);
    expect(first).toMatch(/^EINS ZWEI\\\. DREI VIER\\\.\n\n\[Replace\]/);
    expect(first).toContain('· German → English');
    expect(first).toContain(
      '![Attention: EIN ← EIN, S ZWEI. ← S ZWEI. Sentence 1 of 2.](data:image/svg+xml;base64,',
    );
    expect(first).toContain('Sentence 1 of 2');
    expect(await hover(20)).toContain('Sentence 2 of 2');
    expect(asked).toEqual([
      {
        from: 'auto',
        to: 'en',
        preferredTarget: 'en',
        minimumConfidence: 0,
        text: 'eins zwei. drei vier.',
        keep: ['zwei'],
        skipUnclear: true,
        candidates: 0,
        alternatives: 0,
      },
    ]);
    await hover(5);
    expect([asked.length, attentionAsked]).toEqual([1, 2]);
  });

  it('asks again when other models may answer', async () => {
    await hover();
    changeModels();
    await hover();
    expect(asked).toHaveLength(2);
  });

  it('trusts its own commands and no others', async () => {
    const shown = await provider.provideHover(
      asDocument(document),
      new Position(0, 5) as unknown as vscode.Position,
      cancellable().token,
    );
    const { isTrusted } = (shown as unknown as { contents: { isTrusted: object } }).contents;
    expect(isTrusted).toEqual({
      enabledCommands: [
        'polyhead.replaceByHover',
        'polyhead.copyHover',
        'polyhead.showHoverAttention',
        'polyhead.showLog',
        'polyhead.restartEngine',
      ],
    });
  });

  it('replaces by what it showed, copies it, and hands it to the panel', async () => {
    document.showIn();
    const opened: unknown[] = [];
    editor.commands.set('polyhead.showAttention', (given) => void opened.push(given));
    const id = idIn(await hover());
    await editor.commands.get('polyhead.copyHover')!(id);
    expect(editor.clipboard).toBe('EINS ZWEI. DREI VIER.');
    await editor.commands.get('polyhead.showHoverAttention')!(id);
    expect(opened).toEqual([
      { text: 'eins zwei. drei vier.', from: 'de', to: 'en', folder: '/models/de-en' },
    ]);
    document.type(0, 0, '\n');
    await editor.commands.get('polyhead.replaceByHover')!(id);
    expect(document.text).toBe('\n// EINS ZWEI. DREI VIER. (fitted)\ncode();\n');
    expect(document.undoSteps).toHaveLength(1);
    expect(editor.said).toEqual([]);
  });

  it('lets its links go with the hovers that are long past', async () => {
    document.showIn();
    const first = idIn(await hover());
    for (let more = 0; more < 8; more++) await hover();
    await editor.commands.get('polyhead.replaceByHover')!(first);
    expect(document.text).toContain('eins');
    expect(editor.said).toEqual(['This hover is too long ago. Point at the text again.']);
  });

  it('offers no Replace where that cannot be', async () => {
    document.uri.scheme = 'git';
    expect(await hover()).not.toContain('Replace');
    document.uri.scheme = 'file';
    passage = { ...passage!, fits: () => false };
    expect(await hover()).toContain('[Copy]');
    expect(await hover()).not.toContain('Replace');
  });

  it('is nothing over code, in panels, over what is translated already, and where it is off', async () => {
    expect(await hover(1, cancellable().token, 1)).toBeUndefined();
    for (const scheme of ['output', 'debug', 'polyhead-translation']) {
      document.uri.scheme = scheme;
      expect(await hover()).toBeUndefined();
    }
    document.uri.scheme = 'file';
    for (const extent of ['off', 'selection']) {
      editor.configuration.set('polyhead.hover', extent);
      expect(await hover()).toBeUndefined();
    }
    expect(asked).toEqual([]);
  });

  it('is nothing over texts in the target language, and asks for them once', async () => {
    answer = (parameters) => Promise.resolve(left(parameters, true));
    expect(await hover()).toBeUndefined();
    expect(await hover()).toBeUndefined();
    expect([asked.length, attentionAsked]).toEqual([1, 0]);
  });

  it('is nothing where the translation is the text', async () => {
    answer = (parameters) => Promise.resolve(observed(parameters, { text: parameters.text }));
    expect(await hover()).toBeUndefined();
  });

  it('of a selection takes it as it is, whatever its language seems to be', async () => {
    editor.configuration.set('polyhead.hover', 'selection');
    const selection = new Selection(new Position(0, 3), new Position(0, 13));
    editor.visibleTextEditors.push({ document, selections: [selection] });
    expect(await hover(5)).toMatch(/^EINS ZWEI\\\.\n/);
    expect(asked[0]).toMatchObject({ text: 'eins zwei.', skipUnclear: false });
    expect(await hover(20)).toBeUndefined();
  });

  it('takes what is too short to tell for the language of the other comments', async () => {
    answer = (parameters) =>
      Promise.resolve(
        parameters.skipUnclear === true && parameters.from === 'auto' && parameters.text.length < 12
          ? left(parameters, false)
          : observed(parameters),
      );
    passage = passageOf(3, 13);
    expect(await hover()).toBeUndefined();
    passage = passageOf(3, 24);
    expect(await hover()).toContain('EINS ZWEI');
    passage = passageOf(3, 13);
    expect(await hover()).toMatch(/^EINS ZWEI\\\.\n/);
    expect(asked.map(({ from }) => from)).toEqual(['auto', 'auto', 'de']);
  });

  it('of a long text translates what is around the place, and does not replace it', async () => {
    const line = 'wort wort wort wort wort wort wort wort wort wort wort.';
    document = new FakeDocument(fake, `${line}\n`.repeat(100), 'plaintext');
    passage = passageOf(0, document.text.length - 1);
    const shown = await hover(4);
    expect(asked[0]!.text.length).toBeLessThanOrEqual(2000);
    expect(asked[0]!.text).toMatch(/^wort[\s\S]*\.$/);
    expect(shown).toContain('A part of a long text');
    expect(shown).not.toContain('Replace');
  });

  it('says a failure of the engine, with ways to its log and to another one', async () => {
    answer = () => Promise.reject(new EngineError('engine', 'The engine <b>stopped</b>.'));
    for (let times = 0; times < 2; times++) {
      expect(await hover()).toBe(
        'Polyhead: The engine \\<b\\>stopped\\<\\/b\\>\\.\n\n' +
          '[Show Log](command:polyhead.showLog) · [Restart Engine](command:polyhead.restartEngine)',
      );
    }
  });

  it('says once that there is no model, unless the person has selected the text', async () => {
    answer = () => Promise.reject(new EngineError('user', 'There is no model.'));
    expect(await hover()).toContain('There is no model');
    expect(await hover()).toBeUndefined();
    const selection = new Selection(new Position(0, 3), new Position(0, 13));
    editor.visibleTextEditors.push({ document, selections: [selection] });
    expect(await hover()).toContain('There is no model');
  });

  it('observes again what the engine has let go', async () => {
    await hover(5);
    attention = () => {
      attention = () => Promise.resolve(weights);
      return Promise.reject(new EngineError('user', 'This observation is no longer kept.'));
    };
    expect(await hover(20)).toContain('Sentence 2 of 2');
    expect(asked).toHaveLength(2);
  });

  it('ends with its cancellation, at once and without a word, wherever it is', async () => {
    for (const stage of ['reading', 'translating', 'looking'] as const) {
      const { token, cancel } = cancellable();
      const never = new Promise<never>(() => undefined);
      changeModels();
      readingHands = (signal) =>
        stage === 'reading'
          ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
          : Promise.resolve();
      answer = (parameters) => (stage === 'translating' ? never : Promise.resolve(observed(parameters)));
      attention = () => {
        cancel();
        return Promise.reject(new EngineError('cancelled', 'Cancelled.'));
      };
      const shown = hover(5, token);
      if (stage !== 'looking') setTimeout(cancel, 10);
      expect(await shown).toBeUndefined();
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(await hover(5, { ...cancellable().token, isCancellationRequested: true })).toBeUndefined();
    expect(editor.said).toEqual([]);
  });

  it('of an engine that starts says so after a second, and the translation is there the next time', async () => {
    vi.useFakeTimers();
    try {
      engines.state = 'off';
      let arrive: (reply: ReplyOf<'observe'>) => void = () => undefined;
      answer = () => new Promise((resolve) => (arrive = resolve));
      const { token, cancel } = cancellable();
      const shown = hover(5, token);
      await vi.advanceTimersByTimeAsync(999);
      let settled = false;
      void shown.then(() => (settled = true));
      await vi.advanceTimersByTimeAsync(0);
      expect(settled).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await shown).toMatch(
        /^Polyhead: The translation engine is starting\\\. Point at the text again/,
      );
      // The person goes away; the work that has begun goes on.
      cancel();
      expect(signals[0]!.aborted).toBe(false);
      arrive(observed(asked[0]!));
      await vi.advanceTimersByTimeAsync(0);
      engines.state = 'ready';
      expect(await hover()).toContain('EINS ZWEI');
      expect(asked).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is nothing where the document has changed meanwhile', async () => {
    answer = (parameters) => {
      document.type(0, 0, ' ');
      return Promise.resolve(observed(parameters));
    };
    expect(await hover()).toBeUndefined();
  });
});

describe('the place in a passage', () => {
  it('is found by what stands around it in the line, past the signs of comments', () => {
    const text = 'Gibt die Namen zurück.\nDie Namen sind sortiert.';
    const at = (line: string, word: string): string =>
      text.slice(offsetIn(text, line, line.indexOf(word))).slice(0, 6);
    expect(at(' * Gibt die Namen zurück.', 'Namen')).toBe('Namen ');
    expect(at(' * Die Namen sind sortiert.', 'Namen')).toBe('Namen ');
    expect(offsetIn(text, ' * Die Namen sind sortiert.', 8)).toBe(text.indexOf('Namen', 20) + 1);
    expect(offsetIn(text, ' * Die Namen sind sortiert.', 1)).toBe(0);
    expect(offsetIn(text, '', 0)).toBe(0);
    expect(offsetIn('', '//', 1)).toBe(0);
  });

  it('is found at once in a line of any length', () => {
    const line = Array.from({ length: 40_000 }, (_, index) => `w${index}`).join(' ');
    expectLinear('a long line', (times) => {
      const [text, place] = [line.slice(0, times * 50_000), times * 25_000];
      expect(text).toHaveLength(times * 50_000);
      expect(offsetIn(text, `// ${text}`, place + 3)).toBe(place);
    });
  });
});
