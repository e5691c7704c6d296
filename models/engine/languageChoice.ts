/**
 * Which pair translates each text of a request, where source, target or both are left to the engine. A pure function:
 * who detects languages is handed in.
 */
import { primaryLanguage, type LanguageDetector } from '../text/languageDetection';
import { noModels, noPair } from './modelCatalogue';
import { automatic, type LanguagePair } from './protocol';

export interface LanguageRequest {
  /** A language tag, or `automatic`. */
  readonly from: string;
  readonly to: string;
  /** What an automatic target is to be where there is a pair to it. */
  readonly preferredTarget: string;
  readonly texts: readonly string[];
}

export interface LanguageChoice {
  readonly pair: LanguagePair;
  /** There is nothing to translate: the text is in the pair's target language. */
  readonly alreadyInTarget: boolean;
  /** Nothing tells the text's language: the pair is one of many. */
  readonly unclear?: true;
  /** The text's language is known, and no pair translates it: the pair is that of other texts. */
  readonly withoutModel?: true;
}

/**
 * The choice for each text, in order.
 *
 * @param pairs in the catalogue's order, which decides where several would do
 * @param modelFolders where the pairs come from, for the sentence that there are none
 * @throws UserError that names the pairs that there are, where none fits any of the texts
 */
export function chooseLanguages(
  request: LanguageRequest,
  pairs: readonly LanguagePair[],
  modelFolders: readonly string[],
  detect: LanguageDetector,
): LanguageChoice[] {
  if (pairs.length === 0) throw noModels(modelFolders);
  const choose = request.from === automatic ? chooseBySource : chooseForSource;
  return choose(request, pairs, detect);
}

/** The source is said, so that one pair serves all: a text is spared only where it is surely in the target language. */
function chooseForSource(
  { from, to, preferredTarget, texts }: LanguageRequest,
  pairs: readonly LanguagePair[],
  detect: LanguageDetector,
): LanguageChoice[] {
  const sources = startingFrom(pairs, from);
  const pair = to === automatic ? preferred(sources, preferredTarget) : leadingTo(sources, to)[0];
  if (pair === undefined) throw noPair(to === automatic ? `from ${from}` : `${from} → ${to}`, pairs);
  const [source, target] = [primaryLanguage(pair.from), primaryLanguage(pair.to)];
  return texts.map((text) => ({
    pair,
    // Between pt-PT and pt-BR nothing can be detected.
    alreadyInTarget: source !== target && reliable(detect(text, [source, target])) === target,
  }));
}

/**
 * The source is detected, for each text by itself; a text that does not tell follows all of them taken together. One whose
 * language has no pair goes through no model that reads another.
 */
function chooseBySource(
  { to, preferredTarget, texts }: LanguageRequest,
  pairs: readonly LanguagePair[],
  detect: LanguageDetector,
): LanguageChoice[] {
  const leading = to === automatic ? pairs : leadingTo(pairs, to);
  const anyPair = preferred(leading, preferredTarget);
  if (anyPair === undefined) throw noPair(`into ${to}`, pairs);
  const languages = [...new Set(pairs.flatMap((pair) => [pair.from, pair.to]).map(primaryLanguage))];
  const whole = once(() => reliable(detect(texts.join('\n'), languages)));

  const choiceFor = (language: string): LanguageChoice | undefined => {
    const sources = leading.filter((candidate) => primaryLanguage(candidate.from) === language);
    const pair = preferred(sources, preferredTarget);
    if (pair !== undefined) return { pair, alreadyInTarget: false };
    if (to !== automatic && primaryLanguage(to) === language) return { pair: anyPair, alreadyInTarget: true };
    return undefined;
  };

  // Of a text whose language has no pair, the language.
  const choices = texts.map((text): LanguageChoice | string => {
    const own = reliable(detect(text, languages));
    const language = own ?? whole();
    if (language === undefined) return { pair: anyPair, alreadyInTarget: false, unclear: true };
    return choiceFor(language) ?? inTargetOf(choiceFor(whole() ?? language), language) ?? language;
  });
  return leaveWithoutModel(choices, (language) =>
    noPair(to === automatic ? `from ${language}` : `${language} → ${to}`, pairs),
  );
}

/** A text of another language than the rest may be in the language that the rest is translated into. */
function inTargetOf(choice: LanguageChoice | undefined, language: string): LanguageChoice | undefined {
  return choice && primaryLanguage(choice.pair.to) === language
    ? { ...choice, alreadyInTarget: true }
    : undefined;
}

/**
 * A text in a language that has no pair stays as it is while others are translated.
 *
 * @param choices languages among them: of the texts that have no pair
 * @throws what `fault` makes of such a language, where there is nothing else to translate
 */
function leaveWithoutModel(
  choices: readonly (LanguageChoice | string)[],
  fault: (language: string) => Error,
): LanguageChoice[] {
  const translated = choices.find((choice) => typeof choice !== 'string' && !choice.alreadyInTarget);
  return choices.map((choice) => {
    if (typeof choice !== 'string') return choice;
    if (typeof translated !== 'object') throw fault(choice);
    return { pair: translated.pair, alreadyInTarget: false, withoutModel: true };
  });
}

/** The pairs into a language; where none is for its region, as for `zh-CN`, those of the language as a whole. */
function leadingTo(pairs: readonly LanguagePair[], to: string): LanguagePair[] {
  return spoken(pairs, to, (pair) => pair.to);
}

function startingFrom(pairs: readonly LanguagePair[], from: string): LanguagePair[] {
  return spoken(pairs, from, (pair) => pair.from);
}

function spoken(
  pairs: readonly LanguagePair[],
  language: string,
  languageOf: (pair: LanguagePair) => string,
): LanguagePair[] {
  const exactly = pairs.filter((pair) => languageOf(pair) === language);
  if (exactly.length > 0) return exactly;
  return pairs.filter((pair) => primaryLanguage(languageOf(pair)) === primaryLanguage(language));
}

/** The first pair that leads to the preferred language, else the first of all. */
function preferred(pairs: readonly LanguagePair[], preferredTarget: string): LanguagePair | undefined {
  const target = primaryLanguage(preferredTarget);
  return pairs.find((pair) => primaryLanguage(pair.to) === target) ?? pairs[0];
}

function reliable(detection: ReturnType<LanguageDetector>): string | undefined {
  return detection?.reliable === true ? detection.language : undefined;
}

/** Calls `find` when its result is first asked for, and never again. */
function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => (found ??= { value: find() }).value;
}
