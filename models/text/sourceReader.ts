// What a model reads of a text: the same words, in the signs and spaces that it has met in training. Editors and the web
// write “It’s” with a curly apostrophe, no-break spaces and dashes; a small model that knows them by their bytes alone
// loses its way at each. The text itself stays, and offsets lead back to it.

import { withChanges, type Change } from './changes';
import type { Piece } from './pieces';
import { unknownWords } from './unknownWords';
import type { Encoding, Vocabulary } from './vocabulary';
import { unspacedLetter, writesSpaces } from './writtenSpaces';

/** What a model reads instead of what a pattern finds. */
interface Reading {
  readonly pattern: RegExp;
  readonly as: string;
}

/** Corpora have their white space folded, and hardly any that does not break. */
const spaces: readonly Reading[] = [
  { pattern: /[ \t\u00a0\u202f](?=[ \t\u00a0\u202f])/gu, as: '' },
  { pattern: /[\t\u00a0\u202f](?![ \t\u00a0\u202f])/gu, as: ' ' },
];

/**
 * Where a vocabulary does not know a sign, another one that it knows stands for it; the first that fits. Quotation marks
 * too: one kept as a protected span would be kept in every “it’s” of the text.
 */
const signs: readonly (Reading & { readonly sign: string; readonly known: string })[] = [
  { sign: '—', known: '–', pattern: /—(?<=[\p{L}\p{N}]—)(?=[\p{L}\p{N}])/gu, as: ' – ' },
  { sign: '—', known: '–', pattern: /—/gu, as: '–' },
  { sign: '‑', known: '-', pattern: /‑/gu, as: '-' },
  { sign: '‚', known: '„', pattern: /‚/gu, as: '„' },
  { sign: '‘', known: '“', pattern: /‘/gu, as: '“' },
  // “it’s”, and “the users’ files” where no quotation has begun
  { sign: '’', known: "'", pattern: /’(?<=\p{L}’)(?=\p{L})|’(?<=s’)(?<!‘(?:[^’]|’(?=\p{L}))*’)/gu, as: "'" },
  { sign: '’', known: '”', pattern: /’/gu, as: '”' },
];

/** Of Chinese translations seven in eight write a space where Latin letters begin and end; without, words are lost. */
const borders: readonly Reading[] = [
  {
    pattern: new RegExp(`(?<=[${unspacedLetter}])(?=[A-Za-z])|(?<=[A-Za-z])(?=[${unspacedLetter}])`, 'gu'),
    as: ' ',
  },
];

export class SourceReader {
  private readonly readings: readonly Reading[];

  /** @param language of the texts: a BCP 47 tag */
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly language: string,
  ) {
    this.readings = [
      ...spaces,
      ...signs.filter(({ sign, known }) => !vocabulary.knows(sign) && vocabulary.knows(known)),
      ...(writesSpaces(language) ? [] : borders),
    ];
  }

  /** The pieces as the model reads them. */
  read(pieces: readonly Piece[]): Piece[] {
    return pieces.map((piece) => (typeof piece === 'string' ? this.readText(piece) : piece));
  }

  /** The tokens that the model reads. */
  ids(pieces: readonly Piece[]): number[] {
    return this.vocabulary.encodeIds(this.read(pieces));
  }

  /** The same tokens with the part of `pieces`, as they are, that each stands for. */
  encode(pieces: readonly Piece[]): Encoding {
    const { ids, offsets } = this.vocabulary.encode(this.read(pieces));
    const changes: Change[] = [];
    let length = 0;
    for (const piece of pieces) {
      if (typeof piece !== 'string') continue;
      for (const { start, end, as } of this.changesOf(piece))
        changes.push({ start: start + length, end: end + length, as });
      length += piece.length;
    }
    return {
      ids,
      offsets: offsets.map(([start, end]) => {
        const last = end === 0 ? 0 : placeOf(end - 1, changes)[1];
        return [start === end ? last : placeOf(start, changes)[0], last];
      }),
    };
  }

  /** What of a text the model could not say after it, each once. */
  unknownWords(text: string): string[] {
    return unknownWords(this.readText(text), (character) => this.vocabulary.knows(character), this.language);
  }

  private readText(text: string): string {
    return withChanges(text, this.changesOf(text));
  }

  private changesOf(text: string): Change[] {
    const changes = new Map<number, Change>();
    for (const { pattern, as } of this.readings) {
      for (const { index, 0: sign } of text.matchAll(pattern)) {
        if (!changes.has(index)) changes.set(index, { start: index, end: index + sign.length, as });
      }
    }
    return [...changes.values()].sort((one, other) => one.start - other.start);
  }
}

/** Where a UTF-16 unit of what is read stands in the text; one that was put in has no length. */
function placeOf(unit: number, changes: readonly Change[]): [start: number, end: number] {
  let shift = 0;
  for (const { start, end, as } of changes) {
    const within = unit + shift - start;
    if (within < 0) break;
    if (within < as.length) return [Math.min(start + within, end), Math.min(start + within + 1, end)];
    shift += end - start - as.length;
  }
  return [unit + shift, unit + shift + 1];
}
