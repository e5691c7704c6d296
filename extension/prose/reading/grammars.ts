/**
 * TextMate grammars at work: read when first needed, with those that they embed, and compiled by Oniguruma.
 */
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { parseRawGrammar, Registry, type IGrammar, type IOnigLib } from 'vscode-textmate';
import type { GrammarCatalogue } from './grammarSource';

export type { IGrammar as Grammar } from 'vscode-textmate';

let library: Promise<IOnigLib> | undefined;

/** Oniguruma is loaded once a process; it keeps what it was loaded with. */
function onigurumaFrom(readWasm: () => Promise<Uint8Array>): Promise<IOnigLib> {
  library ??= readWasm()
    .then(async (bytes) => {
      await loadWASM(bytes.slice().buffer);
      return { createOnigScanner, createOnigString };
    })
    .catch((error: unknown) => {
      library = undefined;
      throw error;
    });
  return library;
}

export interface GrammarsOptions {
  readonly catalogue: GrammarCatalogue;
  /** Oniguruma's program, `onig.wasm`. */
  readonly readWasm: () => Promise<Uint8Array>;
  /** Is told, in a sentence, why a grammar cannot be used. */
  readonly warn: (sentence: string) => void;
}

/** The grammars of a catalogue. */
export class Grammars {
  readonly #options: GrammarsOptions;
  readonly #registry: Registry;
  readonly #loaded = new Map<string, Promise<IGrammar | undefined>>();

  constructor(options: GrammarsOptions) {
    const { catalogue, readWasm, warn } = options;
    this.#options = options;
    this.#registry = new Registry({
      onigLib: onigurumaFrom(readWasm),
      loadGrammar: async (scopeName) => {
        const entry = catalogue.forScope(scopeName);
        if (entry === undefined) return null;
        try {
          return parseRawGrammar(await entry.read(), entry.path);
        } catch (error) {
          // Another extension's file may hold anything; what embeds it does without.
          warn(`The grammar ${entry.path} (${scopeName}) cannot be read: ${String(error)}`);
          return null;
        }
      },
      getInjections: (scopeName) => [...catalogue.injectedInto(scopeName)],
    });
  }

  /** @returns undefined where there is none for the language, or it cannot be used */
  forLanguage(languageId: string): Promise<IGrammar | undefined> {
    const known = this.#loaded.get(languageId);
    if (known !== undefined) return known;
    const loading = this.#load(languageId);
    this.#loaded.set(languageId, loading);
    return loading;
  }

  /** The scope of a language's grammar; empty where there is none. */
  scopeOf(languageId: string): string {
    return this.#options.catalogue.forLanguage(languageId)?.scopeName ?? '';
  }

  async #load(languageId: string): Promise<IGrammar | undefined> {
    const entry = this.#options.catalogue.forLanguage(languageId);
    if (entry === undefined) return undefined;
    try {
      return (await this.#registry.loadGrammar(entry.scopeName)) ?? undefined;
    } catch (error) {
      this.#options.warn(`The grammar for ${languageId} cannot be used: ${String(error)}`);
      return undefined;
    }
  }

  /** Frees what the grammars hold; what is still under way with one of them fails. */
  dispose(): void {
    this.#registry.dispose();
  }
}
