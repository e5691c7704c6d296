/**
 * The door between a corpus process and its owner: what it can be asked, and what it says. The process does one thing
 * and ends: a job with a reply, or feeding batches for as long as they are taken. Messages go over the IPC channel of
 * `fork`, as structured clones, so that numbers travel as typed arrays.
 */
import type { Batch, Framing } from '../batches';
import type { CorpusReport } from '../corpus';
import type { PartHeader } from '../encodedStore';
import type { FilterOptions } from '../pairFilter';
import type { Languages } from '../readers/candidates';
import type { SplitOptions, SpoolCounts } from '../split';

/** A file as it was when it was read. */
export interface FileStamp {
  readonly path: string;
  readonly bytes: number;
  /** Last change, milliseconds since 1970. */
  readonly modified: number;
  /** SHA-256 of its content, hexadecimal. */
  readonly sha256: string;
}

/** What was read: the spools' counts, what was dropped, and which files it was. */
export interface Gathered {
  readonly counts: SpoolCounts;
  readonly reports: readonly CorpusReport[];
  readonly files: readonly FileStamp[];
}

/** What is in the store. */
export interface StoreHeader {
  readonly training: PartHeader;
  readonly validation: PartHeader;
  /** Training pairs of each corpus, in the order of the store. */
  readonly parts: readonly number[];
  /** Pairs, of both parts, that were left out because a side has too many tokens. */
  readonly overlong: number;
  /** Training pairs that were left out because their source is validated on. */
  readonly shared: number;
}

/** What a part of the corpus is called in the store's file names. */
export type Part = 'training' | 'validation';

/** Every job with what it takes and what it replies. Folders and files: absolute paths. */
export interface CorpusJobs {
  /** Reads and filters the corpora into spools in a folder. */
  gather: {
    parameters: {
      readonly folder: string;
      /** As `formatOf` takes them. */
      readonly corpora: readonly string[];
      /** Empty: some of the corpora's pairs will be held out. */
      readonly validation: readonly string[];
      readonly languages: Languages;
      readonly filter: FilterOptions;
    };
    reply: Gathered;
  };
  /** Learns a vocabulary from the spools' training pairs: a tokenizer.json's text. */
  learn: {
    parameters: SplitOptions & {
      readonly folder: string;
      readonly counts: SpoolCounts;
      /** Tokens wanted. */
      readonly size: number;
    };
    reply: string;
  };
  /** Encodes the spools' pairs into a store in the same folder. */
  encode: {
    parameters: SplitOptions & {
      readonly folder: string;
      readonly counts: SpoolCounts;
      /** A tokenizer.json's text. */
      readonly vocabulary: string;
      /** Tokens of a side, at most. */
      readonly longest: number;
    };
    reply: StoreHeader;
  };
  /** Looks at corpora before a training: reads the beginning of large ones, and encodes some of what it kept. */
  sample: {
    parameters: {
      readonly corpora: readonly string[];
      readonly validation: readonly string[];
      readonly languages: Languages;
      readonly filter: FilterOptions;
      /** Entries that are read of a corpus, at most. */
      readonly most: number;
      /** A tokenizer.json's text, or how many tokens one is to be learned with. */
      readonly vocabulary: string | number;
      readonly longest: number;
      readonly seed: number;
    };
    reply: CorpusSample;
  };
}

/** A corpus of which, where it is large, the beginning was read. */
export interface SampledCorpus {
  readonly report: CorpusReport;
  /** Of its files. */
  readonly bytes: number;
  readonly isWhole: boolean;
  /** Pairs that all of it has, about. */
  readonly pairs: number;
}

export interface CorpusSample {
  readonly corpora: readonly SampledCorpus[];
  /** Pairs to validate on that a person gave, about. */
  readonly validationPairs: number;
  /** Tokens of the vocabulary; of one learned from a part, no more than that part gave. */
  readonly vocabularySize: number;
  /** Tokens of the encoded pairs, without ends: one a pair, the same number of both. */
  readonly sourceLengths: Uint16Array;
  readonly targetLengths: Uint16Array;
  /** Share of the pairs that have too many tokens. */
  readonly overlong: number;
  /** UTF-8 bytes of a pair, on average. */
  readonly textBytes: number;
  /** Some of the texts of either side, one after the other, to tell their languages by. */
  readonly texts: { readonly source: string; readonly target: string };
}

export type Job = keyof CorpusJobs;
export type ParametersOf<J extends Job> = CorpusJobs[J]['parameters'];
export type ReplyOf<J extends Job> = CorpusJobs[J]['reply'];

/** Words in other pieces every time. */
export interface SubwordDropout {
  /** The share of merges that are passed over. */
  readonly rate: number;
  /** A tokenizer.json's text. */
  readonly vocabulary: string;
  /** Tokens of a side, at most: a pair that would have more keeps its pieces. */
  readonly longest: number;
}

/** Which batches to feed, from where on: endless, epoch after epoch. */
export interface FeedParameters {
  /** The store's folder. */
  readonly folder: string;
  readonly header: StoreHeader;
  /** One a corpus: how often each of its pairs is seen in an epoch. */
  readonly weights: readonly number[];
  /** Padded positions of a batch on either side, at most. */
  readonly tokens: number;
  readonly seed: number;
  readonly framing: Framing;
  /** Undefined: words come in the pieces that the store has them in. */
  readonly subwordDropout?: SubwordDropout | undefined;
  readonly epoch: number;
  /** Batches of that epoch to pass over. */
  readonly batch: number;
  /** How many batches to make before they are taken. */
  readonly ahead: number;
}

/** A batch with its place: the `position`-th of its epoch, both from 0. */
export interface FedBatch {
  readonly epoch: number;
  readonly position: number;
  readonly batch: Batch;
}

export type ToProcess =
  | { [J in Job]: { readonly kind: 'job'; readonly job: J; readonly parameters: ParametersOf<J> } }[Job]
  | { readonly kind: 'feed'; readonly parameters: FeedParameters }
  /** One of the batches was taken: there is room for another. */
  | { readonly kind: 'taken' };

export type FromProcess =
  /** So many pairs, or merges, are done; of how many, where that is known. */
  | { readonly kind: 'progress'; readonly done: number; readonly of?: number }
  | { readonly kind: 'reply'; readonly value: ReplyOf<Job> }
  | { readonly kind: 'batch'; readonly fed: FedBatch }
  /** `byInput`: the message is a sentence for the person, who can put it right. */
  | { readonly kind: 'failed'; readonly byInput: boolean; readonly message: string };
