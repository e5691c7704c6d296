/**
 * Where grammars come from: what a catalogue of TextMate grammars tells of each, however it was put together.
 */

/** A TextMate grammar, not yet read. */
export interface GrammarEntry {
  /** `source.ts` */
  readonly scopeName: string;
  /** The language that it is for; grammars that others embed or that are injected have none. */
  readonly languageId?: string | undefined;
  /** Scopes of the grammars that it is injected into. */
  readonly injectTo?: readonly string[] | undefined;
  /** Its file, for messages: how it ends says whether it is JSON or a property list. */
  readonly path: string;
  /** Its text. */
  read(): Promise<string>;
}

/** Grammars by language and by scope. */
export class GrammarCatalogue {
  readonly #byLanguage = new Map<string, GrammarEntry>();
  readonly #byScope = new Map<string, GrammarEntry>();
  readonly #injected = new Map<string, string[]>();

  /** Where several entries are for the same language or scope, the last wins, as in VS Code. */
  constructor(entries: readonly GrammarEntry[]) {
    for (const entry of entries) {
      this.#byScope.set(entry.scopeName, entry);
      if (entry.languageId !== undefined) this.#byLanguage.set(entry.languageId, entry);
      for (const target of entry.injectTo ?? []) {
        this.#injected.set(target, [...(this.#injected.get(target) ?? []), entry.scopeName]);
      }
    }
  }

  forLanguage(languageId: string): GrammarEntry | undefined {
    return this.#byLanguage.get(languageId);
  }

  forScope(scopeName: string): GrammarEntry | undefined {
    return this.#byScope.get(scopeName);
  }

  /** Scopes of the grammars that are injected into a grammar. */
  injectedInto(scopeName: string): readonly string[] {
    return this.#injected.get(scopeName) ?? [];
  }
}
