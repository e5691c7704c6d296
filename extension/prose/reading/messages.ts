/**
 * What the extension host and its reading thread say to each other. Each message is plain data.
 */
import type { ReadReply, ReadRequest } from './textReader';

/** A grammar's file, which the thread reads itself. */
export interface GrammarFile {
  readonly scopeName: string;
  readonly languageId?: string | undefined;
  readonly injectTo?: readonly string[] | undefined;
  /** Absolute. */
  readonly path: string;
}

/** What a thread is begun with. */
export interface ThreadData {
  readonly grammars: readonly GrammarFile[];
}

export type ToThread =
  | { readonly kind: 'read'; readonly id: number; readonly request: ReadRequest }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'forget'; readonly document: string };

export type FromThread =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: ReadReply }
  /** A reading that failed; one that was cancelled is not answered. */
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'warning'; readonly sentence: string };
