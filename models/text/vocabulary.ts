// The subword vocabulary: text to token ids and back. Byte-pair encoding on words (see preTokenizer.ts), bytes for
// what the alphabet lacks, so that every text survives. Protected spans stay placeholders.

import { BytePairEncoder } from './bytePairEncoder';
import type { MergeRule } from './bytePairEncoder';
import { fusePieces } from './pieces';
import type { Piece } from './pieces';
import { spaceMark, splitWords, toTokenCharacter } from './preTokenizer';
import {
  firstByteId,
  firstLearnedId,
  isByte,
  isPlaceholder,
  placeholderIndex,
  placeholderToken,
  reservedTokens,
} from './reservedTokens';
import { formatTokenizerJson, parseTokenizerJson } from './tokenizerJson';

export type { Piece } from './pieces';

/**
 * Token ids with the part of the text that each stands for: `offsets[i]` are the UTF-16 offsets of `ids[i]` in the
 * joined strings, where a placeholder has length 0. Each byte of a character has the offsets of the whole character.
 */
export interface Encoding {
  readonly ids: number[];
  readonly offsets: readonly (readonly [start: number, end: number])[];
}

/** Words seen so often that merging them again would be waste; enough for most of a corpus. */
const cachedWords = 200_000;
const longestCachedWord = 64;

const utf8 = new TextEncoder();

/** In how many pieces a vocabulary writes a word within a sentence. */
export type PiecesOf = (word: string) => number;

export class Vocabulary {
  /** Token texts by id; reserved ones first. */
  private readonly tokens: readonly string[];
  private readonly idOfCharacter = new Map<string, number>();
  private readonly encoder: BytePairEncoder;
  private readonly cache = new Map<string, readonly number[]>();

  /**
   * `learned` holds the texts of the tokens after the reserved ones, with `spaceMark` for spaces: the alphabet, then
   * what merges make; `merges` are in the order learned.
   */
  private constructor(
    learned: readonly string[],
    private readonly merges: readonly MergeRule[],
  ) {
    this.tokens = [...reservedTokens, ...learned];
    learned.forEach((text, index) => {
      if (isOneCharacter(text)) this.idOfCharacter.set(text, firstLearnedId + index);
    });
    this.encoder = new BytePairEncoder(merges, this.tokens.length);
  }

  /** As learned: the texts of the tokens after the reserved ones, and pairs of ids. An Error if a merge makes no token. */
  static fromMerges(
    learned: readonly string[],
    merges: readonly (readonly [left: number, right: number])[],
  ): Vocabulary {
    const idOfText = new Map(learned.map((text, index) => [text, firstLearnedId + index]));
    const tokens = [...reservedTokens, ...learned];
    const rules = merges.map(([left, right]): MergeRule => {
      const text = tokens[left]! + tokens[right]!;
      const result = idOfText.get(text);
      if (result === undefined)
        throw new Error(`The vocabulary has no token “${text}”, which a merge makes.`);
      return { left, right, result };
    });
    return new Vocabulary(learned, rules);
  }

  /**
   * Reads a tokenizer.json that `toJson` has written. It is checked as foreign input; the Error's sentence begins
   * with `where`, the file's name.
   */
  static fromJson(json: string, where = 'tokenizer.json'): Vocabulary {
    const { learned, merges } = parseTokenizerJson(json, where);
    return new Vocabulary(learned, merges);
  }

  /** A Hugging Face tokenizer.json; its tokenizers give the same ids (but for literal U+2581 and reserved words). */
  toJson(): string {
    return formatTokenizerJson(this.tokens, this.merges);
  }

  /** How many tokens there are, reserved ones included: ids are 0 … size − 1. */
  get size(): number {
    return this.tokens.length;
  }

  /**
   * The ids of a text with the offsets of each, without start and end. A lone surrogate is encoded as U+FFFD; words
   * like `</s>` in a string are text. A RangeError for a placeholder above 15.
   */
  encode(text: string | readonly Piece[]): Encoding {
    const ids: number[] = [];
    const offsets: [number, number][] = [];
    let start = 0;
    for (const part of this.encodeParts(text)) {
      if (typeof part === 'number') {
        ids.push(part);
        offsets.push([start, start]);
        continue;
      }
      for (let index = 0; index < part.length;) {
        const count = this.tokensOfOneText(part[index]!);
        const end = start + this.utf16Length(part[index]!);
        for (const last = index + count; index < last; index++) {
          ids.push(part[index]!);
          offsets.push([start, end]);
        }
        start = end;
      }
    }
    return { ids, offsets };
  }

  /** The ids alone, for corpora: the same as `encode(text).ids`, faster. */
  encodeIds(text: string | readonly Piece[]): number[] {
    const ids: number[] = [];
    for (const part of this.encodeParts(text)) {
      if (typeof part === 'number') ids.push(part);
      else for (const id of part) ids.push(id);
    }
    return ids;
  }

  readonly piecesOf: PiecesOf = (word) => this.encodeIds(` ${word}`).length;

  /** Other ids of the text that some ids stand for: its words in other pieces, as `mergeWithDropout` makes them. */
  resplit(ids: Iterable<number>, isDropped: () => boolean): number[] {
    return this.decodePieces(ids).flatMap((piece) =>
      typeof piece === 'string'
        ? [...splitWords(piece)].flatMap((word) =>
            this.encoder.mergeWithDropout(this.characterIds(word), isDropped),
          )
        : placeholderToken(piece.placeholder),
    );
  }

  /** Whether a character has a token of its own; any other is encoded as its bytes. */
  knows(character: string): boolean {
    const marked = toTokenCharacter(character);
    return marked !== undefined && this.idOfCharacter.has(marked);
  }

  /** The text of some ids; placeholders and the other special tokens stand for none. */
  decode(ids: Iterable<number>): string {
    return this.decodePieces(ids)
      .filter((piece) => typeof piece === 'string')
      .join('');
  }

  /**
   * The text and the placeholders of some ids, in order, neighbouring text joined. Padding, start, end, unknown and
   * language tags stand for nothing. Bytes that are no UTF-8 become U+FFFD. A RangeError for an id outside the vocabulary.
   */
  decodePieces(ids: Iterable<number>): Piece[] {
    return this.decodeWithOffsets(ids).pieces;
  }

  /**
   * As decodePieces, with the part of the text that each id stands for, as in an `Encoding`: a placeholder, and whatever
   * stands for nothing, has length 0, and each byte of a character has the whole character.
   */
  decodeWithOffsets(ids: Iterable<number>): { pieces: Piece[]; offsets: [start: number, end: number][] } {
    const pieces: Piece[] = [];
    const offsets: [number, number][] = [];
    let length = 0;
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    /** Places of the bytes that are no whole character yet. */
    let open: number[] = [];
    const add = (text: string, places: readonly number[]): void => {
      for (const place of places) offsets[place] = [length, length + text.length];
      length += text.length;
      pieces.push(text);
    };
    const finishBytes = (): void => {
      if (decoder === undefined) return;
      add(decoder.decode(), open);
      open = [];
      decoder = undefined;
    };
    for (const id of ids) {
      const text = this.tokenText(id);
      const place = offsets.push([length, length]) - 1;
      if (isByte(id)) {
        // A byte-order mark is a character like others here.
        decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
        open.push(place);
        const decoded = decoder.decode(Uint8Array.of(id - firstByteId), { stream: true });
        if (decoded === '') continue;
        add(decoded, open);
        open = [];
      } else if (id >= firstLearnedId) {
        finishBytes();
        add(text.replaceAll(spaceMark, ' '), [place]);
      } else if (isPlaceholder(id)) {
        finishBytes();
        offsets[place] = [length, length];
        pieces.push({ placeholder: placeholderIndex(id) });
      }
    }
    finishBytes();
    return { pieces: fusePieces(pieces), offsets };
  }

  /** A token as people see it: `▁Wort` with the space marked, `<0x0A>` for a byte, `<x0>`, `</s>`. A RangeError for an unknown id. */
  tokenText(id: number): string {
    const text = this.tokens[id];
    if (text === undefined) {
      throw new RangeError(`There is no token ${id}: this vocabulary has ${this.size}, numbered from 0.`);
    }
    return text;
  }

  /** Word by word: the id of a placeholder, or the ids of a word. */
  private *encodeParts(text: string | readonly Piece[]): Generator<number | readonly number[]> {
    for (const piece of typeof text === 'string' ? [text] : fusePieces(text)) {
      if (typeof piece === 'string') {
        for (const word of splitWords(piece)) yield this.encodeWord(word);
      } else yield placeholderToken(piece.placeholder);
    }
  }

  private encodeWord(word: string): readonly number[] {
    const known = this.cache.get(word);
    if (known !== undefined) return known;
    const ids = this.encoder.merge(this.characterIds(word));
    if (word.length <= longestCachedWord) {
      if (this.cache.size >= cachedWords) this.cache.clear();
      this.cache.set(word, ids);
    }
    return ids;
  }

  /** A word's characters, those that have no token as their bytes. */
  private characterIds(word: string): number[] {
    const characterIds: number[] = [];
    for (const character of word) {
      const marked = toTokenCharacter(character);
      const id = marked === undefined ? undefined : this.idOfCharacter.get(marked);
      if (id !== undefined) characterIds.push(id);
      else for (const byte of utf8.encode(character)) characterIds.push(firstByteId + byte);
    }
    return characterIds;
  }

  /** How many tokens share one stretch of text: the bytes of a character, as its first byte says; otherwise one. */
  private tokensOfOneText(id: number): number {
    if (!isByte(id)) return 1;
    const first = id - firstByteId;
    if (first < 0x80) return 1;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  }

  private utf16Length(id: number): number {
    if (!isByte(id)) return this.tokenText(id).length;
    return this.tokensOfOneText(id) === 4 ? 2 : 1;
  }
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
}
