/** Which way languages are written. */

/** Scripts that are written from right to left (Unicode, UAX #9), of living languages. */
const leftwards = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

/** @param language a language tag; one that is none is taken for one of those that most are */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return leftwards.has(scriptOf(language) ?? '') ? 'rtl' : 'ltr';
}

function scriptOf(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
