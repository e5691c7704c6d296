/**
 * What is read off a text: where its comments, strings and blocks of markup stand. Plain data, which goes from thread to
 * thread.
 */

/** A comment; a docstring is one. Lines from 0, columns in UTF-16 units. */
export interface CommentRegion {
  readonly kind: 'line' | 'block';
  readonly first: number;
  /** Where its sign begins, in its first line. */
  readonly start: number;
  readonly last: number;
  /** Behind its closing sign, or its text, in its last line. */
  readonly end: number;
  /** The sign that begins it: `//`, `/*`, `r"""`. */
  readonly open: string;
  /** The sign that ends a block; empty for a line comment. */
  readonly close: string;
}

/** A part of a string, in offsets into the document's text: what it says, an escape sequence, or an interpolation. */
export interface StringPart {
  readonly kind: 'text' | 'escape' | 'hole';
  readonly start: number;
  readonly end: number;
}

/** A string, in offsets into the document's text. */
export interface StringRegion {
  /** What is between its quotation marks. */
  readonly start: number;
  readonly end: number;
  /** Its quotation marks with what belongs to them: `"`, `rb'''`, `$@"`. */
  readonly open: string;
  readonly close: string;
  /** One after the other. */
  readonly parts: readonly StringPart[];
  /** The attribute of markup that it is the value of, in lower case. */
  readonly attribute?: string | undefined;
  /** The last word before it in its line, if it is the argument of a call: `require`. */
  readonly callee?: string | undefined;
}

/** How the text of a block is written. */
export type Flavour = 'markdown' | 'mdx' | 'html' | 'jsx';

/** A paragraph, a heading, a cell …: offsets into the document's text, without white space at its ends. */
export interface MarkupBlock {
  readonly start: number;
  readonly end: number;
  readonly flavour: Flavour;
  readonly kind: 'paragraph' | 'heading' | 'cell' | 'alternative';
  /** Parts of it that stay as they are: targets of links, code, tags. */
  readonly keep: readonly string[];
  /** Offsets of line breaks that are meant: what follows one is a line of its own. */
  readonly breaks: readonly number[];
}

/** What a text holds, each in the text's order. */
export interface Reading {
  readonly comments: readonly CommentRegion[];
  readonly strings: readonly StringRegion[];
  readonly blocks: readonly MarkupBlock[];
}
