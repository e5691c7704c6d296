/** What every reader of a corpus hands on, whatever the format of its files. */

/** A sentence and its translation, as the corpus has them. */
export interface SentencePair {
  readonly source: string;
  readonly target: string;
}

/** Why a reader itself leaves an entry out. */
export type Omission = 'fuzzy' | 'obsolete' | 'otherLanguage';

/** A place in a corpus that cannot be read: `file:line: fault`, where the fault is a predicate of the line. */
export interface Fault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly fault: string;
}

/** A pair, an entry that is left out, or what is wrong with a line. */
export type Candidate = SentencePair | { readonly omitted: Omission } | Fault;

/** Candidates in the order of the file, some thousands at a time. */
export type Candidates = AsyncGenerator<Candidate[], void, undefined>;

/** Language tags of the two sides. */
export interface Languages {
  readonly from: string;
  readonly to: string;
}

/** The language of a tag without its region and script: `pt` of `pt-BR` and `pt_BR`. */
export function primaryLanguage(tag: string): string {
  return tag.split(/[-_@.]/, 1)[0]!.toLowerCase();
}

/** Formats whose lines are folded for the reader's eye only: a break and the space around it is one space. */
export function foldLines(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
