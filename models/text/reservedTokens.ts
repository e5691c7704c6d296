// The tokens whose ids never change: weights depend on them, so this table is part of the model format.
//
// Order of a vocabulary: padding, start, end, unknown; placeholders for protected spans; target-language tags;
// the 256 bytes; then, learned from text, the alphabet and the merges.

export const paddingId = 0;
export const startId = 1;
export const endId = 2;
/** Present because tokenizer.json wants one; byte fallback means that no text is ever encoded to it. */
export const unknownId = 3;

/** How many protected spans one text can hold: `<x0>` … `<x15>`. */
export const placeholderCount = 16;
const firstPlaceholderId = 4;

/** Target languages that have a tag, in the order of their ids. New ones cannot be added without new weights. */
export const taggedLanguages = [
  'en',
  'de',
  'fr',
  'zh',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'ru',
  'ja',
  'ko',
] as const;
const firstLanguageTagId = firstPlaceholderId + placeholderCount;

/** Id of `<0x00>`; the byte b has id `firstByteId + b`. */
export const firstByteId = firstLanguageTagId + taggedLanguages.length;
/** Id of the first token that is learned from text. */
export const firstLearnedId = firstByteId + 256;

/** The tokens that stand for no text, by id: everything before the bytes. */
export const specialTokens: readonly string[] = [
  '<pad>',
  '<s>',
  '</s>',
  '<unk>',
  ...Array.from({ length: placeholderCount }, (_, index) => `<x${index}>`),
  ...taggedLanguages.map((language) => `<2${language}>`),
];

/** Every token whose id is fixed, by id: the special ones, then `<0x00>` … `<0xFF>`. */
export const reservedTokens: readonly string[] = [
  ...specialTokens,
  ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
];

/** The id of `<x{index}>`; a RangeError unless index is a whole number from 0 to 15. */
export function placeholderToken(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= placeholderCount) {
    throw new RangeError(
      `There is no placeholder ${index}: a text holds at most ${placeholderCount} protected spans, numbered from 0.`,
    );
  }
  return firstPlaceholderId + index;
}

/** True for the ids of `<x0>` … `<x15>`. */
export function isPlaceholder(id: number): boolean {
  return id >= firstPlaceholderId && id < firstPlaceholderId + placeholderCount;
}

/** The k of `<xk>`; only for ids that are placeholders. */
export function placeholderIndex(id: number): number {
  return id - firstPlaceholderId;
}

/** True for the ids of `<0x00>` … `<0xFF>`. */
export function isByte(id: number): boolean {
  return id >= firstByteId && id < firstLearnedId;
}

/** The id of the tag that asks for a target language, as `de`; an Error for a language without one. */
export function languageTag(language: string): number {
  const index = taggedLanguages.findIndex((tagged) => tagged === language);
  if (index < 0) {
    throw new Error(
      `There is no tag for the target language “${language}”; those with one are ${taggedLanguages.join(', ')}.`,
    );
  }
  return firstLanguageTagId + index;
}
