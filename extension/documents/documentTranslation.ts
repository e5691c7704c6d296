/**
 * A document that is read in translation: its passages, what has been translated of them, and the work on the rest,
 * nearest to where the person looks first. Goes along with the document as it changes.
 */
import { workspace, type TextDocument } from 'vscode';
import type { Translation } from '../../models/engine/protocol';
import type { SettingId } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import { EngineError } from '../engine/engineError';
import type { Direction } from '../languages/languages';
import type { ProseKind, ProsePassage } from '../prose/passage';
import { takeNearest } from './nearestFirst';
import type { Replacement } from './translatedText';
import { replacementOf, translatePassages, type DocumentServices } from './wholeDocument';

/** What of a document is read: its own prose, or that of its comments. */
export const readKinds: ReadonlySet<ProseKind> = new Set(['comment', 'markup', 'text']);

/** Settings that a translation depends on. */
const decisive: readonly SettingId[] = [
  'polyhead.sourceLanguage',
  'polyhead.targetLanguage',
  'polyhead.myLanguage',
  'polyhead.projectLanguage',
  'polyhead.minimumConfidence',
];

/** A person who types is let finish first. */
const settleMs = 300;

export interface DocumentTranslationOptions {
  readonly document: TextDocument;
  readonly direction: Direction;
  readonly services: DocumentServices;
  /** Where the person looks, as a UTF-16 offset. */
  readonly focus: () => number;
  /** Something of what the properties say has changed. */
  readonly onChange: () => void;
  /**
   * The work has stopped; the document's next change begins it anew. Is told of the same failure once, until something
   * has been translated.
   */
  readonly onFailure: (error: unknown) => void;
}

export class DocumentTranslation implements Disposable {
  readonly #options: DocumentTranslationOptions;
  readonly #store = new DisposableStore();
  /** What has been translated, by `keyOf`; what a change does to one passage, the others need not pay for. */
  readonly #known = new Map<string, Translation>();
  /** What no model translates while it does other texts of the document, by `keyOf`. */
  readonly #left = new Set<string>();
  /** What `replacementOf` has made: fitting a translation into its place takes its time. */
  readonly #replacements = new Map<ProsePassage, Replacement | undefined>();
  #controller = new AbortController();
  #settling: ReturnType<typeof setTimeout> | undefined;
  #source = '';
  #passages: readonly ProsePassage[] = [];
  #working = true;
  /** The failure that the person knows of. */
  #told: string | undefined;

  /** Begins at once. */
  constructor(options: DocumentTranslationOptions) {
    this.#options = options;
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document !== options.document || contentChanges.length === 0) return;
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => this.#begin(), settleMs);
      }),
    );
    this.#store.add(options.services.engines.onDidChangeModels(() => this.#renew()));
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (decisive.some((id) => event.affectsConfiguration(id, options.document))) this.#renew();
      }),
    );
    this.#begin();
  }

  /** The text that `passages` are of; while the person types, it is a moment behind the document. */
  get source(): string {
    return this.#source;
  }

  get passages(): readonly ProsePassage[] {
    return this.#passages;
  }

  /** Whether more is to come. */
  get working(): boolean {
    return this.#working;
  }

  /** Passages whose translation is known. */
  get done(): number {
    return this.#passages.filter((passage) => this.#known.has(keyOf(passage))).length;
  }

  /** The languages that were found, as far as anything has been translated. */
  get pair(): Pick<Translation, 'from' | 'to'> | undefined {
    return [...this.#known.values()].find(({ alreadyInTarget }) => !alreadyInTarget);
  }

  /** Whether all that there is to read is in the target language already. */
  get isInTarget(): boolean {
    if (this.#working || this.#passages.length === 0) return false;
    return this.#passages.every((passage) => this.#known.get(keyOf(passage))?.alreadyInTarget === true);
  }

  /** What takes a passage's place in `source`; undefined where that is not known yet, or the passage stays. */
  replacementOf(passage: ProsePassage): Replacement | undefined {
    if (!this.#replacements.has(passage)) {
      const translation = this.#known.get(keyOf(passage));
      if (translation === undefined) return undefined;
      this.#replacements.set(passage, replacementOf(passage, translation));
    }
    return this.#replacements.get(passage);
  }

  /** What takes the place of which part of `source`, as far as it is known. */
  get replacements(): Replacement[] {
    return this.#passages.flatMap((passage) => this.replacementOf(passage) ?? []);
  }

  /** Another model or pair is to translate: forgets everything, and begins anew. */
  #renew(): void {
    this.#known.clear();
    this.#left.clear();
    this.#replacements.clear();
    this.#told = undefined;
    this.#begin();
  }

  dispose(): void {
    clearTimeout(this.#settling);
    this.#controller.abort();
    this.#store.dispose();
  }

  #begin(): void {
    this.#controller.abort();
    const controller = (this.#controller = new AbortController());
    this.#working = true;
    this.#work(controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) this.#fail(error);
      })
      .finally(() => {
        if (controller.signal.aborted) return;
        this.#working = false;
        this.#options.onChange();
      });
  }

  /** A failure that lasts would be told at every pause in typing. */
  #fail(error: unknown): void {
    const { message } = EngineError.from(error);
    if (message === this.#told) return;
    this.#told = message;
    this.#options.onFailure(error);
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { document, services, focus, onChange } = this.#options;
    const passages = await services.finder.passagesIn(document, readKinds, { signal });
    this.#source = document.getText();
    this.#passages = passages;
    this.#replacements.clear();
    onChange();
    const waiting = new Set(passages.filter((passage) => this.#isOpen(keyOf(passage))));
    let refusal: EngineError | undefined;
    for (;;) {
      const batch = takeNearest(waiting, focus());
      if (batch.length === 0) break;
      const refused = await this.#translate(batch, signal);
      refusal ??= refused;
      onChange();
    }
    this.#forgetAllBut(passages);
    if (refusal === undefined || this.pair !== undefined) return;
    // What the person puts right outside of VS Code, as a folder of models, nobody tells of.
    this.#left.clear();
    throw refusal;
  }

  #isOpen(key: string): boolean {
    return !this.#known.has(key) && !this.#left.has(key);
  }

  /**
   * Learns the translations of some passages.
   *
   * @returns why no model translates them; those beside may be in another language
   * @throws EngineError when the engine fails
   */
  async #translate(batch: readonly ProsePassage[], signal: AbortSignal): Promise<EngineError | undefined> {
    const { document, direction, services } = this.#options;
    try {
      const translations = await translatePassages(document, batch, direction, services, { signal });
      batch.forEach((passage, index) => this.#known.set(keyOf(passage), translations[index]!));
      if (translations.some(({ alreadyInTarget }) => !alreadyInTarget)) this.#told = undefined;
      return undefined;
    } catch (error) {
      if (signal.aborted || !(error instanceof EngineError) || error.code !== 'user') throw error;
      for (const passage of batch) this.#left.add(keyOf(passage));
      return error;
    }
  }

  #forgetAllBut(passages: readonly ProsePassage[]): void {
    const needed = new Set(passages.map(keyOf));
    for (const keys of [this.#known, this.#left])
      for (const key of [...keys.keys()]) if (!needed.has(key)) keys.delete(key);
  }
}

/** Passages with the same text, and the same to be kept of it, have the same translation. */
function keyOf({ text, keep }: ProsePassage): string {
  return JSON.stringify([text, keep]);
}
