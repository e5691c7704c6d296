/** Scripts without spaces between words, for a class of characters in a pattern with the flag u. */
export const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}';
