/**
 * Reads texts: keeps the last ones with their tokens, and says what comments, strings and markup they hold. Yields to
 * the event loop, so that a cancellation arrives.
 */
import { commentRegions } from './commentRegions';
import { codeNames, noNames, type CodeNames } from './codeNames';
import type { CommentRules } from './commentSigns';
import type { Grammars } from './grammars';
import { TextLines } from './lines';
import { markdownBlocks } from './markdown';
import { markupBlocks } from './markupBlocks';
import type { Reading } from './regions';
import { regionsBySigns } from './regionsBySigns';
import { stringRegions } from './stringRegions';
import { TokenisedText } from './tokenisedText';

/** Milliseconds between two looks at the event loop. */
const sliceMs = 8;
/** Texts whose tokens are kept. */
const keptTexts = 12;

/** What is to be read of a text. */
export interface ReadRequest {
  /** Stands for the document that the text is of. */
  readonly document: string;
  readonly text: string;
  /** The grammar's language; `markdown` and `mdx` are read by a parser. */
  readonly languageId: string;
  /** The signs of comments that the language's configuration names. */
  readonly rules: CommentRules;
  /** The last line of interest; what begins up to it is read to its end. */
  readonly line: number;
  readonly strings: boolean;
}

/** What came of it; `lines`: how many are known. */
export interface ReadReply extends Reading {
  /** There is a grammar, a parser or at least signs of comments for the language. */
  readonly isKnown: boolean;
  readonly lines: number;
  /** Of the whole text, however many lines are known. */
  readonly names: CodeNames;
}

export class TextReader {
  /** The last used comes last. */
  readonly #texts = new Map<string, TokenisedText>();
  /** The names of each document's last text. */
  readonly #names = new Map<string, { readonly text: string; readonly names: CodeNames }>();

  constructor(readonly grammars: Grammars) {}

  /**
   * Where there is no grammar for the language, its comments by their signs.
   *
   * @throws the signal's reason when it aborts
   */
  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    const { document, text, languageId, rules, strings } = request;
    if (languageId === 'markdown' || languageId === 'mdx') {
      return {
        isKnown: true,
        lines: Infinity,
        comments: [],
        strings: [],
        blocks: markdownBlocks(text, languageId),
        names: noNames,
      };
    }
    const grammar = await this.grammars.forLanguage(languageId);
    signal.throwIfAborted();
    const lines = new TextLines(text);
    const names = this.#namesOf(request);
    if (grammar === undefined) {
      const isKnown = rules.line !== undefined || rules.block !== undefined;
      return {
        isKnown,
        lines: lines.count,
        comments: regionsBySigns(lines, rules),
        strings: [],
        blocks: [],
        names,
      };
    }
    let tokenised = this.#texts.get(document);
    if (tokenised?.grammar !== grammar) tokenised = new TokenisedText(grammar);
    this.#texts.delete(document);
    this.#texts.set(document, tokenised);
    for (const old of [...this.#texts.keys()].slice(0, -keptTexts)) this.#texts.delete(old);

    tokenised.update(lines.texts);
    let last = Math.min(request.line, lines.count - 1);
    for (;;) {
      while (!tokenised.advance(last, performance.now() + sliceMs)) {
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        // Another request may have brought a newer text meanwhile.
        if (tokenised.texts !== lines.texts) tokenised.update(lines.texts);
      }
      // What is under way at the last line is read to its end.
      if (last === lines.count - 1 || !goesOn(tokenised, last)) break;
      last = Math.min(last + 50, lines.count - 1);
    }
    return {
      isKnown: true,
      lines: last + 1,
      comments: commentRegions(tokenised, last + 1, rules.block),
      strings: strings ? stringRegions(tokenised, last + 1, lines.offsets) : [],
      blocks: markupBlocks(tokenised, last + 1, lines.offsets, {
        source: text,
        flavour: this.grammars.scopeOf(languageId).startsWith('text.') ? 'html' : 'jsx',
      }),
      names,
    };
  }

  forget(document: string): void {
    this.#texts.delete(document);
    this.#names.delete(document);
  }

  /** A version of a document is read several times, line by line as somebody points at it. */
  #namesOf({ document, text, languageId, rules }: ReadRequest): CodeNames {
    const known = this.#names.get(document);
    const names = known?.text === text ? known.names : codeNames(text, languageId, rules);
    this.#names.delete(document);
    this.#names.set(document, { text, names });
    for (const old of [...this.#names.keys()].slice(0, -keptTexts)) this.#names.delete(old);
    return names;
  }
}

/** Whether a line ends within, or is followed by more of, what is of interest. */
function goesOn(tokenised: TokenisedText, line: number): boolean {
  const last = tokenised.tokensOf(line).at(-1)?.scopes;
  return last !== undefined && (last.depth > 0 || last.inString || last.part === 'prose');
}
