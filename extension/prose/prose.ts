/**
 * What of a selected text is handed to the engine, and how its translation is fitted back.
 */

/** A part of a text, as UTF-16 offsets into it: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a text that is to be translated: all but the white space around it, which stays as it is.
 *
 * @returns undefined when the text holds no letter of any script, and so nothing to translate
 */
export function proseOf(text: string): Span | undefined {
  if (!/\p{L}/u.test(text)) return undefined;
  return { start: text.length - text.trimStart().length, end: text.trimEnd().length };
}

const lineEnding = /\r\n|\r|\n/g;

/** The text with every line ending written as `\n`, which is what the engine reads. */
export function withPlainLineEndings(text: string): string {
  return text.replace(lineEnding, '\n');
}

/**
 * A translation as it takes its place in a document: without white space around it, since the original's
 * is kept, and with the document's line endings.
 */
export function fitTranslation(translation: string, documentLineEnding: '\n' | '\r\n'): string {
  return translation.trim().replace(lineEnding, documentLineEnding);
}
