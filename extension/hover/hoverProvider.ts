/**
 * The hover: over foreign text its translation, what can be done with it, and where the model looked. It never makes
 * others wait: VS Code shows each hover as it comes, and where the engine has to start first, this one says so after a
 * second and goes on without being looked at.
 */
import {
  Hover,
  l10n,
  Range,
  window,
  workspace,
  type CancellationToken,
  type HoverProvider,
  type MarkdownString,
  type Position,
  type TextDocument,
} from 'vscode';
import { readConfig } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { EngineError } from '../engine/engineError';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import type { Languages } from '../languages/languages';
import type { Passage } from '../prose/passage';
import type { ProseFinder } from '../prose/proseFinder';
import { accepts } from '../translate/accepts';
import { isTranslated, reportOn } from '../translate/report';
import { registerHoverCommands } from './hoverCommands';
import { sentenceContents, themeKindOf, translationContents, type ShownPicture } from './hoverContents';
import { HoverTranslations, type HoverRequest, type HoverTranslation } from './hoverTranslations';
import { pointedPassage, type Pointed } from './pointedPassage';
import { ShownHovers } from './shownHovers';

export interface HoverServices {
  readonly engines: Engines;
  readonly languages: Languages;
  readonly log: EngineLog;
  readonly finder: ProseFinder;
}

/** A translation that a hover did not wait for. */
interface Left {
  readonly document: TextDocument;
  readonly version: number;
  readonly text: string;
  readonly answer: Promise<MarkdownString | undefined>;
}

/** So long a hover waits for an engine that has to start. */
const coldMs = 1000;

export function openHover(services: HoverServices): HoverProvider & Disposable {
  const store = new DisposableStore();
  const hovers = store.add(new ShownHovers());
  store.add(registerHoverCommands(hovers, services.log));
  const translations = new HoverTranslations(services.engines);
  store.add(services.engines.onDidChangeModels(() => translations.forget()));
  const provider = new TranslationHovers(services, hovers, translations);
  return {
    provideHover: (document, position, token) => provider.provideHover(document, position, token),
    dispose: () => store.dispose(),
  };
}

class TranslationHovers implements HoverProvider {
  /** What the comments of a document turned out to be written in, for those that are too short to tell. */
  readonly #sources = new WeakMap<TextDocument, string>();
  /** What was said once of texts that nobody had selected: that there is no model, say. */
  readonly #said = new Set<string>();

  #left: Left | undefined;

  constructor(
    private readonly services: HoverServices,
    private readonly hovers: ShownHovers,
    private readonly translations: HoverTranslations,
  ) {}

  async provideHover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    const controller = new AbortController();
    const cancellation = token.onCancellationRequested(() => controller.abort());
    if (token.isCancellationRequested) controller.abort();
    try {
      return await this.#hover(document, position, controller.signal, () => {
        cancellation.dispose();
      });
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    } finally {
      cancellation.dispose();
    }
  }

  async #hover(
    document: TextDocument,
    position: Position,
    signal: AbortSignal,
    detach: () => void,
  ): Promise<Hover | undefined> {
    const extent = readConfig(workspace, 'polyhead.hover', document);
    const pointed = await pointedPassage(document, position, extent, this.services.finder, signal);
    if (pointed === undefined) return undefined;
    const { version } = document;
    const range = rangeOf(document, pointed.passage);
    try {
      const isCold = this.services.engines.state === 'off' || this.services.engines.state === 'starting';
      const answer = this.#takeLeft(document, pointed) ?? this.#answer(document, pointed, signal);
      const hover = isCold ? await withinPatience(answer, detach) : await answer;
      if (hover === 'starting') {
        this.#left = { document, version, text: pointed.passage.text, answer };
        return new Hover(sentenceContents(startingSentence(), 'polyhead.showLog'), range);
      }
      // What changed meanwhile is another text.
      return hover === undefined || document.version !== version ? undefined : new Hover(hover, range);
    } catch (error) {
      if (signal.aborted) throw error;
      return this.#failure(error, pointed, range);
    }
  }

  /** What an earlier look at the same text did not wait for: its failure is told by this one. */
  #takeLeft(document: TextDocument, { passage }: Pointed): Left['answer'] | undefined {
    const left = this.#left;
    this.#left = undefined;
    const isSame =
      left?.document === document && left.version === document.version && left.text === passage.text;
    return isSame ? left.answer : undefined;
  }

  async #answer(
    document: TextDocument,
    pointed: Pointed,
    signal: AbortSignal,
  ): Promise<MarkdownString | undefined> {
    const part = partAround(pointed);
    const translation = await this.#translate(document, pointed, part.text, signal);
    const { reply } = translation;
    const { text, from, to, segments } = reply.translation;
    if (!isTranslated(reply.translation) || text === part.text) return undefined;
    const { passage } = pointed;
    const picture = await this.#picture(translation, part.offset, signal);
    const id = this.hovers.add({
      document,
      passage,
      translation: text,
      attention: { text: part.text, from, to, folder: reply.model.folder },
    });
    const isWritable = workspace.fs.isWritableFileSystem(document.uri.scheme) !== false;
    return translationContents(
      {
        id,
        translation: text,
        from,
        to,
        replaceable: isWritable && part.whole && accepts(passage, reply.translation),
        remark: part.whole
          ? reportOn([reply.translation], [])?.sentence
          : l10n.t('A part of a long text; {0} sentences.', segments.length),
        picture,
      },
      themeKindOf(window.activeColorTheme.kind),
    );
  }

  async #translate(
    document: TextDocument,
    { passage, selected }: Pointed,
    text: string,
    signal: AbortSignal,
  ): Promise<HoverTranslation> {
    const request: HoverRequest = {
      ...this.services.languages.request('reading', document),
      minimumConfidence: readConfig(workspace, 'polyhead.minimumConfidence', document),
      text,
      keep: [...passage.keep],
      skipUnclear: !selected,
    };
    const translation = await this.translations.translate(request, signal);
    const { alreadyInTarget, from } = translation.reply.translation;
    if (alreadyInTarget) return translation;
    if (translation.modelId !== '') {
      this.#sources.set(document, from);
      return translation;
    }
    const source = this.#sources.get(document);
    return source === undefined
      ? translation
      : this.translations.translate({ ...request, from: source }, signal);
  }

  async #picture(
    translation: HoverTranslation,
    offset: number,
    signal: AbortSignal,
  ): Promise<ShownPicture | undefined> {
    const { segments } = translation.reply;
    const pointed = segments.findIndex(({ source }) => offset < source.end);
    const segment = pointed < 0 ? segments.length - 1 : pointed;
    // Nothing was said where the text was left.
    if (translation.reply.translation.segments[segment]?.left !== false) return undefined;
    const alignment = await this.translations.alignment(translation, segment, signal);
    if (alignment === undefined) return undefined;
    return { alignment, sentence: segment + 1, sentences: segments.length };
  }

  #failure(error: unknown, { selected }: Pointed, range: Range): Hover | undefined {
    const failure = EngineError.from(error);
    if (failure.code === 'cancelled') return undefined;
    if (failure.code === 'engine')
      return new Hover(
        sentenceContents(failure.message, 'polyhead.showLog', 'polyhead.restartEngine'),
        range,
      );
    // Somebody who reads a language without a model would get this over every comment.
    if (!selected && this.#said.has(failure.message)) return undefined;
    this.#said.add(failure.message);
    return new Hover(sentenceContents(failure.message, 'polyhead.showLog'), range);
  }
}

function startingSentence(): string {
  return l10n.t('The translation engine is starting. Point at the text again in a moment.');
}

/** What is asked, or `starting` when that takes longer than a hover may; it then goes on, and is not cancelled any more. */
async function withinPatience<T>(answer: Promise<T>, detach: () => void): Promise<T | 'starting'> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'starting'>((resolve) => {
    timer = setTimeout(() => resolve('starting'), coldMs);
  });
  const first = await Promise.race([answer, patience]).finally(() => clearTimeout(timer));
  if (first === 'starting') {
    detach();
    // Its failure is told by the hover that asks next.
    answer.catch(() => undefined);
  }
  return first;
}

function rangeOf(document: TextDocument, { span }: Passage): Range {
  return new Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** More characters than this take seconds, and nobody reads them in a hover. */
const longestText = 2000;

/** The text that is translated: of a long one the paragraphs around the place. */
function partAround({ passage: { text }, offset }: Pointed): {
  text: string;
  offset: number;
  whole: boolean;
} {
  if (text.length <= longestText) return { text, offset, whole: true };
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let end = text.indexOf('\n', offset);
  if (end < 0) end = text.length;
  for (;;) {
    const next = text.indexOf('\n', end + 1);
    const further = end === text.length ? undefined : next < 0 ? text.length : next;
    if (further === undefined || further - start > longestText) break;
    end = further;
  }
  return {
    text: text.slice(start, Math.min(end, start + longestText)),
    offset: offset - start,
    whole: false,
  };
}
