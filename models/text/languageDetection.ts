// Which of a few languages a text is in, and whether to rely on that. Scripts tell first, then the n-grams of the
// library eld; what must survive byte for byte (code, URLs) says nothing about the language and is left out.

import { findProtectedSpans } from './protectedSpans';

export { primaryLanguage } from './languageTags';

export interface Detection {
  /** The likeliest of the candidates, as it was given. */
  readonly language: string;
  /** False for a text that is too short, or that may be in another language altogether. */
  readonly reliable: boolean;
}

/**
 * The likeliest of `candidates` (primary language subtags, such as `de`) for a text. `undefined` where the text has no
 * letters, or is written in the script of none of them. Looks at 2,400 characters at most, spread over the text.
 */
export type LanguageDetector = (text: string, candidates: readonly string[]) => Detection | undefined;

/** Loads the library's n-grams, which takes time and memory even as the build packs them: not before the first text. */
export async function loadLanguageDetector(): Promise<LanguageDetector> {
  // Part of the bundle, but not evaluated before it is needed.
  const { eld } = await import(/* webpackMode: "eager" */ 'eld/extrasmall');
  return (text, candidates) => detect(eld, text, candidates);
}

/**
 * Evidence is the mean log-frequency of a text's n-grams, as eld counts it, times the text's letters. Set on the valid
 * sets (test/unit/text/languageDetection.test.ts): at these no more than 3 in 1,000 lines of one to three English words
 * are taken for German or French, and hardly any line of eight words is doubtful.
 */
const leastMargin = 500;
/** A language that is no candidate may lead by this much: Norwegian and Danish, say, are often confused. */
const mostOutsiderLead = 200;

/** eld reads no more than the beginning of a text, some 350 bytes; these are read each by itself. */
const stretchLength = 300;
const mostStretches = 8;

/** What is used of eld: scores by language, which must not be taken for probabilities. */
interface Scorer {
  detect(text: string): { getScores(): Record<string, number> };
}

function detect(eld: Scorer, text: string, candidates: readonly string[]): Detection | undefined {
  const prose = stretches(text).map(withoutProtectedSpans);
  const { languages, script } = contenders(prose.join('\n'), candidates);
  const [first] = languages;
  if (first === undefined || script === undefined) return undefined;
  const evidence = new Map<string, number>();
  for (const stretch of prose) {
    const words = stretch.match(new RegExp(`[${script}\\p{M}'’]+`, 'gu')) ?? [];
    const weight = weigh(words.join(''));
    for (const [language, score] of Object.entries(eld.detect(words.join(' ')).getScores()))
      evidence.set(language, (evidence.get(language) ?? 0) + meanOf(score) * weight);
  }
  const evidenceOf = (language: string): number => evidence.get(eldName(language)) ?? 0;
  const best = languages.reduce((a, b) => (evidenceOf(b) > evidenceOf(a) ? b : a), first);
  const others = languages.filter((language) => language !== best).map(evidenceOf);
  const known = new Set(languages.map(eldName));
  const outsiders = [...evidence].filter(([language]) => !known.has(language)).map(([, value]) => value);
  return {
    language: best,
    reliable:
      evidenceOf(best) - Math.max(...others) >= leastMargin &&
      Math.max(...outsiders) - evidenceOf(best) <= mostOutsiderLead,
  };
}

/** The candidates whose script most of the text's letters belong to, and that script's class for a pattern. */
function contenders(
  text: string,
  candidates: readonly string[],
): { languages: string[]; script: string | undefined } {
  const scripts = new Map([...new Set(candidates)].map((language) => [language, scriptOf(language)]));
  const weights = new Map<string, number>();
  for (const script of new Set(scripts.values())) {
    if (script !== undefined)
      weights.set(script, weigh(text.match(new RegExp(`[${script}]`, 'gu'))?.join('') ?? ''));
  }
  const most = Math.max(0, ...weights.values());
  // Half of the text in a foreign script is a text in another language.
  if (most === 0 || most < weigh(text) / 2) return { languages: [], script: undefined };
  const isMost = (script: string | undefined): boolean =>
    script !== undefined && weights.get(script) === most;
  const languages = [...scripts.keys()].filter((language) => isMost(scripts.get(language)));
  return { languages, script: scripts.get(languages[0]!) };
}

/** Letters, where one of another script counts as four Latin ones: a Chinese text is full of Latin names. */
function weigh(text: string): number {
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  return latin + 4 * (all - latin);
}

/** Scripts that are several in Unicode, or one that is part of several. */
const scriptClasses: Readonly<Partial<Record<string, string>>> = {
  Hans: '\\p{Script=Han}',
  Hant: '\\p{Script=Han}',
  Jpan: '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}',
  Kore: '\\p{Script=Hangul}',
};

/** The class of the letters that a language is usually written in; `undefined` where Unicode knows none. */
function scriptOf(language: string): string | undefined {
  try {
    const { script } = new Intl.Locale(language).maximize();
    if (script === undefined) return undefined;
    const scriptClass = scriptClasses[script] ?? `\\p{Script=${script}}`;
    new RegExp(scriptClass, 'u');
    return scriptClass;
  } catch {
    return undefined;
  }
}

/** eld's names are those of ISO 639-1, but for these. */
const eldNames: Readonly<Partial<Record<string, string>>> = { nb: 'no', nn: 'no', fil: 'tl' };

function eldName(language: string): string {
  return eldNames[language] ?? language;
}

/** eld's scores are m / (m + 25) of the mean m. */
function meanOf(score: number): number {
  return (25 * score) / (1 - score);
}

function stretches(text: string): string[] {
  const count = Math.min(mostStretches, Math.ceil(text.length / stretchLength));
  const step = Math.max(stretchLength, text.length / count);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * step);
    return text.slice(start, start + stretchLength);
  });
}

function withoutProtectedSpans(text: string): string {
  let rest = '';
  let place = 0;
  for (const { start, end } of findProtectedSpans(text)) {
    rest += `${text.slice(place, start)} `;
    place = end;
  }
  return rest + text.slice(place);
}
