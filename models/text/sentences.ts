// Cuts prose into sentences. ICU's rules (Intl.Segmenter) know no abbreviations and end a sentence at every line
// break; both are mended here, and protected spans are kept whole.

import { primaryLanguage } from './languageTags';
import { findProtectedSpans } from './protectedSpans';
import { writesSpaces } from './writtenSpaces';

/** A sentence without the white space around it, in UTF-16 offsets. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
}

/**
 * After these a sentence goes on, whatever follows; it may begin with one. Those that can end one (etc., usw., Inc.) are not
 * listed.
 */
const abbreviations: Readonly<Partial<Record<string, string>>> = {
  any: 'Dr|Prof|Mr|Mrs|Ms|St|vs|cf|e\\.\\s?g|i\\.\\s?e|ca|approx|resp|incl|Ph\\.\\s?D',
  de:
    'z\\.\\s?B|d\\.\\s?h|u\\.\\s?a|u\\.\\s?U|i\\.\\s?d\\.\\s?R|i\\.\\s?A|o\\.\\s?g|s\\.\\s?o|s\\.\\s?u|z\\.\\s?T|m\\.\\s?E|v\\.\\s?a|' +
    'bzw|bspw|beispielsw|Nr|Abb|Abschn|Hr|Fr|Str|sog|ggf|evtl|vgl|inkl|exkl|einschl|max|min|gem|lt|Dipl|Ing|Anm|insb|zzgl|abzgl',
  fr: 'p\\.\\s?ex|c\\.-à-d|M|MM|Mme|Mlle|Mgr|éd|env',
};
/** These go on only before a number: “No. 5”, “S. 12”. */
const beforeNumbers =
  'No|no|Nos|Fig|fig|Figs|Sec|sec|Eq|eq|Vol|vol|Ch|ch|Rev|rev|Ver|ver|pp?|S|Abs|Art|art|Bd|Kap|Tab|chap';
/** Words that begin a sentence and no name: after “plan B.” they tell the end from the initial in “George W. Bush”. */
const sentenceOpeners =
  /^(?:A|An|And|Also|As|At|But|By|Each|For|From|He|Here|How|I|If|In|It|Its|No|Not|Now|On|Or|Otherwise|She|Since|So|That|The|Then|There|These|They|This|To|Use|We|What|When|Where|With|You|Your|Aber|Alle|Als|Auch|Auf|Bei|Bitte|Da|Danach|Dann|Das|Dazu|Der|Deshalb|Die|Dies|Diese|Dieser|Dieses|Ein|Eine|Er|Es|Für|Ich|Im|Ist|Man|Mit|Nach|Nur|Sie|Um|Und|Wenn|Wie|Wir|Zum|Zur|Ce|Ces|Cet|Cette|Dans|Elle|En|Et|Il|Ils|La|Le|Les|On|Pour|Si|Un|Une|Vous)(?![\p{L}\p{N}])/u;
const germanOrdinal =
  /^(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Quartal|Auflage|Ausgabe|Kapitel|Version|Generation)/u;
/** “Die 1.” and “im 3.”, “die 1. und 2.”: what follows is counted, unless it begins a sentence: “Es ist die 5. Das …” */
const germanCount =
  /(?:^|[^\p{L}\p{N}])(?:d(?:er|ie|as|en|em|es)|im|am|zum|zur|vom|beim|ein(?:e[mnrs]?)?|jede[mnrs]?|\d\.,?\s(?:und|oder|bis|sowie))\s\d{1,3}\.$/iu;

/** “Klicken Sie” begins a sentence. */
const germanRequest = /^\p{Lu}\p{Ll}+n Sie(?!\p{L})/u;

/** The dot of “.NET” begins a word, and ends no sentence. */
const dotOfName = /(?<=^|[\s\p{Ps}\p{Pi}"'])\.(?=\p{L})/gmu;

/** A blank line, or a line break before a list item, ends a sentence; any other line break is a space. */
const hardBreak = /\r?\n[ \t]*(?:\r?\n[ \t]*)+|\r?\n(?=[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t])/g;

interface LanguageRules {
  readonly segmenter: Intl.Segmenter;
  /** Tells whether a sentence that seems to end in `before` goes on with `after`. */
  readonly goesOn: (before: string, after: string) => boolean;
}

const knownRules = new Map<string, LanguageRules>();

/**
 * The sentences of a text in a language (a BCP 47 tag as `de`; it chooses rules and abbreviations), in order. White
 * space between sentences belongs to none, so that a caller can put it back as it was; all else belongs to one.
 * A RangeError for a malformed tag. `keep`: parts that are protected besides what patterns find.
 */
export function splitSentences(text: string, language: string, keep: readonly string[] = []): Sentence[] {
  let masked = maskSpans(text, keep, writesSpaces(language));
  masked = masked.replace(dotOfName, 'x');
  // ICU takes an opening quotation mark after a full stop, where no space tells, for a closing one.
  if (!writesSpaces(language)) masked = masked.replace(/[“‘「『（《]/g, '一');
  const sentences: Sentence[] = [];
  let start = 0;
  for (const found of masked.matchAll(hardBreak)) {
    splitBlock(masked, start, found.index, language, sentences);
    start = found.index + found[0].length;
  }
  splitBlock(masked, start, masked.length, language, sentences);
  return sentences;
}

/**
 * Each span as one capitalised word of the same length: nothing in it can end a sentence, and it can begin one. A closing
 * tag goes with what is before it, which without spaces has to be told, and so does a line break that is written `\n`.
 */
function maskSpans(text: string, keep: readonly string[], isSpaced: boolean): string {
  let masked = '';
  let place = 0;
  for (const { start, end, kind } of findProtectedSpans(text, keep)) {
    const isClosing = kind === 'escape' || (!isSpaced && text.startsWith('</', start));
    const mask = isClosing ? '”'.repeat(end - start) : `X${'x'.repeat(end - start - 1)}`;
    masked += text.slice(place, start) + mask;
    place = end;
  }
  return masked + text.slice(place);
}

function splitBlock(masked: string, from: number, to: number, language: string, sentences: Sentence[]): void {
  const block = masked.slice(from, to).replace(/[\r\n]/g, ' ');
  const { segmenter, goesOn } = rulesFor(language);
  let start = 0;
  let end = 0;
  const finish = (): void => {
    const segment = block.slice(start, end);
    const trimmed = segment.trim();
    if (trimmed !== '') {
      const first = from + start + segment.indexOf(trimmed);
      sentences.push({ start: first, end: first + trimmed.length });
    }
    start = end;
  };
  for (const { index, segment } of segmentsOf(segmenter, block)) {
    // The last word is enough to tell an abbreviation; looking at all of it would be quadratic.
    if (index > start && !goesOn(block.slice(Math.max(start, index - 20), index).trimEnd(), segment))
      finish();
    end = index + segment.length;
  }
  finish();
}

/** UTF-16 units that ICU is given at once, unless a sentence is longer. */
const windowLength = 4000;

/** As `segmenter.segment(text)`, which takes time quadratic in the text's length: window by window it is linear. */
function* segmentsOf(segmenter: Intl.Segmenter, text: string): Generator<{ index: number; segment: string }> {
  let start = 0;
  let length = windowLength;
  while (start < text.length) {
    const found = [...segmenter.segment(text.slice(start, start + length))];
    // The last sentence may go on behind the window.
    if (start + length < text.length) found.pop();
    for (const { index, segment } of found) yield { index: start + index, segment };
    const last = found.at(-1);
    start += last ? last.index + last.segment.length : 0;
    length = last ? windowLength : 2 * length;
  }
}

function rulesFor(language: string): LanguageRules {
  let rules = knownRules.get(language);
  if (!rules) {
    rules = {
      segmenter: new Intl.Segmenter(language, { granularity: 'sentence' }),
      goesOn: continuation(language),
    };
    knownRules.set(language, rules);
  }
  return rules;
}

function continuation(language: string): LanguageRules['goesOn'] {
  const primary = primaryLanguage(language);
  const listed = [abbreviations['any'], abbreviations[primary]]
    .filter((list) => list !== undefined)
    .join('|');
  const capitalised = listed.replace(/(?<=^|\|)\p{Ll}/gu, (first) => first.toUpperCase());
  const always = new RegExp(
    // With a capital they begin a sentence, or stand behind a sign: “Frag Max. Er weiß es.”
    `(?:^|[^\\p{L}\\p{N}])(?:${listed})\\.$|(?:^|[:;(/–-]\\s?)(?:${capitalised})\\.$`,
    'u',
  );
  const numbered = new RegExp(`(?:^|[^\\p{L}\\p{N}])(?:${beforeNumbers})\\.$`, 'u');
  return (before, after) =>
    always.test(before) ||
    (numbered.test(before) && /^\d/.test(after)) ||
    // “z.” of “z. B.”
    (/(?:^|[\s(])\p{L}\.$/u.test(before) && /^\p{L}\.(?:\s|$)/u.test(after)) ||
    // “George W.”, and not “plan B. Then”
    (/\p{Lu}\p{Ll}+ \p{Lu}\.$|^\p{Lu}\.$|\p{Lu}\. ?\p{Lu}\.$/u.test(before) &&
      !sentenceOpeners.test(after)) ||
    // “1.” before an item, “3. Mai”
    /^\(?(?:\d{1,3}|[a-z])[.)]$/.test(before) ||
    (primary === 'de' &&
      ((/(?:^|[^\d.,])\d{1,2}\.$/.test(before) && germanOrdinal.test(after)) ||
        (germanCount.test(before) && !sentenceOpeners.test(after) && !germanRequest.test(after))));
}
