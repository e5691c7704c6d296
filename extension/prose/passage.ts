/**
 * A text worth translating: where it stands in a document, what of it the engine reads, and how a translation takes
 * its place.
 */
import type { Span } from './prose';

/**
 * What a passage is part of: a comment or a docstring, a string, a document of markup (Markdown, HTML), or a document
 * that is prose itself (plain text, a commit message).
 */
export type ProseKind = 'comment' | 'string' | 'markup' | 'text';

/** A part of a document on its way through the engine. */
export interface Passage {
  /** Where it stands, in UTF-16 offsets of the document's text. */
  readonly span: Span;
  /** What the engine reads, with plain line endings: one paragraph, or one sentence of its own, a line. */
  readonly text: string;
  /**
   * Parts of `text` that must come back as they are, beyond what the engine protects by itself: the names that the
   * document's code gives, the target of a link, an interpolation. Goes with the text to `translate`.
   */
  readonly keep: readonly string[];
  /** A program fills its placeholders in, those without a number or a name in their order: `Copied %s to %s`. */
  readonly takesArguments?: boolean;
  /** False where a translation has lost something that must stay; `fit` then gives back what stands at `span`. */
  fits(translation: string): boolean;
  /** What takes the place of what stands at `span`, with the document's line endings. */
  fit(translation: string): string;
  /** What is put in at the end of a line below the passage, line ending included, and the line. */
  below(translation: string): { line: number; text: string };
}

/** A passage that a ProseFinder found. */
export interface ProsePassage extends Passage {
  readonly kind: ProseKind;
}
