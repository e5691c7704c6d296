/**
 * A text with the tokens of its lines, kept up to date: when the text changes, only the lines from the first changed
 * one on are read anew, and only until the grammar is again in the state that it was in.
 */
import { INITIAL, type StateStack } from 'vscode-textmate';
import type { Grammar } from './grammars';
import { classify, type ScopeClass } from './scopeClasses';

/** A line of more characters was written by a program, and is left out: what goes on over it goes on behind it. */
const longestLine = 20_000;
/** Milliseconds; a grammar that takes longer over a line has lost its way. Compiling it takes time too, once. */
const longestTime = 500;

/** A token as columns of its line: [start, end). */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly scopes: ScopeClass;
}

interface Line {
  readonly text: string;
  /** The grammar's state before the line, and behind it. */
  readonly before: StateStack;
  readonly after: StateStack;
  /** Where each token begins, and the index of its class; one after the other. */
  readonly tokens: Uint32Array;
}

export class TokenisedText {
  #lines: (Line | undefined)[] = [];
  #texts: readonly string[] = [];
  /** Lines that are known to be up to date, from the first on. */
  #done = 0;
  readonly #classes: ScopeClass[] = [];
  readonly #classOf = new Map<string, number>();

  constructor(readonly grammar: Grammar) {}

  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Lines whose tokens are known. */
  get done(): number {
    return this.#done;
  }

  /** The text has become another; what both have in common is kept. */
  update(texts: readonly string[]): void {
    const old = this.#texts;
    const shorter = Math.min(old.length, texts.length);
    let same = 0;
    while (same < shorter && old[same] === texts[same]) same++;
    let sameAtEnd = 0;
    while (sameAtEnd < shorter - same && old.at(-1 - sameAtEnd) === texts.at(-1 - sameAtEnd)) sameAtEnd++;
    this.#texts = texts;
    if (same === old.length && same === texts.length) return;
    const middle = new Array<undefined>(texts.length - same - sameAtEnd).fill(undefined);
    this.#lines = [
      ...this.#lines.slice(0, same),
      ...middle,
      ...this.#lines.slice(old.length - sameAtEnd, old.length),
    ];
    this.#done = Math.min(this.#done, same);
  }

  /** Reads on until a line is known or the time is over. @returns whether the line is known */
  advance(line: number, until: number): boolean {
    const last = Math.min(line, this.#texts.length - 1);
    let reads = 0;
    while (this.#done <= last) {
      const before = this.#done === 0 ? INITIAL : this.#lines[this.#done - 1]!.after;
      const known = this.#lines[this.#done];
      const isCurrent = known !== undefined && (known.before === before || known.before.equals(before));
      if (!isCurrent) this.#lines[this.#done] = this.#read(this.#texts[this.#done]!, before);
      this.#done++;
      // Passing over what is known takes no time to speak of.
      if ((!isCurrent || ++reads % 1000 === 0) && performance.now() > until) break;
    }
    return this.#done > last;
  }

  /** Of a line that is known. */
  tokensOf(line: number): Token[] {
    const { tokens, text } = this.#lines[line]!;
    const found: Token[] = [];
    for (let at = 0; at < tokens.length; at += 2) {
      const end = at + 2 < tokens.length ? tokens[at + 2]! : text.length;
      found.push({ start: tokens[at]!, end, scopes: this.#classes[tokens[at + 1]!]! });
    }
    return found;
  }

  #read(text: string, before: StateStack): Line {
    if (text.length > longestLine) {
      return { text, before, after: before, tokens: Uint32Array.of(0, this.#classFor(['source'])) };
    }
    let result = this.grammar.tokenizeLine(text, before, longestTime);
    // The first lines compile the grammar, which counts; the second time it is there.
    for (let tries = 0; result.stoppedEarly && tries < 2; tries++) {
      result = this.grammar.tokenizeLine(text, before, longestTime);
    }
    const tokens = new Uint32Array(2 * result.tokens.length);
    result.tokens.forEach(({ startIndex, scopes }, index) => {
      tokens[2 * index] = Math.min(startIndex, text.length);
      tokens[2 * index + 1] = this.#classFor(scopes);
    });
    return { text, before, after: result.stoppedEarly ? before : result.ruleStack, tokens };
  }

  #classFor(scopes: readonly string[]): number {
    const key = scopes.join(' ');
    const known = this.#classOf.get(key);
    if (known !== undefined) return known;
    const index = this.#classes.push(classify(scopes)) - 1;
    this.#classOf.set(key, index);
    return index;
  }
}
