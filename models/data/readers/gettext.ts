/**
 * Gettext catalogues (.po), as the GNU gettext manual describes them: messages and their translations, a plural
 * message with a translation a form. Fuzzy and obsolete entries are left out; so is the header.
 */
import { shorten, UserError } from '../../userError';
import { readLines, type Meter } from '../lines';
import { foldLines, primaryLanguage, type Candidate, type Candidates, type Languages } from './candidates';
import { EntryReader, type Entry } from './gettextEntry';
import { pluralFormOf } from './pluralForms';

/**
 * Reads the messages of a catalogue as sources and their translations as targets; the other way round where its header
 * says that it translates into the source language (messages are English as a rule).
 *
 * @throws UserError where the header names another language than the two, or an encoding other than UTF-8
 */
export async function* readGettext(file: string, languages: Languages, meter?: Meter): Candidates {
  const reader = new EntryReader();
  let count = 0;
  let header: Header | undefined;
  const candidatesOf = (entry: Entry): Candidate[] => {
    // What it says of the encoding comes before the faults that another encoding makes.
    if (isHeader(entry) && !entry.obsolete) header ??= readHeader(entry.forms[0] ?? '', file, languages);
    if (entry.fault !== undefined) return [{ file, ...entry.fault }];
    if (entry.obsolete) return [{ omitted: 'obsolete' }];
    if (isHeader(entry)) return [];
    if (entry.fuzzy) return [{ omitted: 'fuzzy' }];
    const { reversed = false, singular = 0 } = header ?? {};
    return pairsOf(entry, singular).map(([message, translation]) => ({
      source: foldLines(reversed ? translation : message),
      target: foldLines(reversed ? message : translation),
    }));
  };
  for await (const lines of readLines(file, meter)) {
    const block: Candidate[] = [];
    for (const line of lines) {
      const entry = reader.push(line, ++count);
      if (entry) block.push(...candidatesOf(entry));
    }
    yield block;
  }
  const last = reader.end();
  if (last) yield candidatesOf(last);
}

/** Which language a catalogue says that it is in; undefined where it says none, or cannot be read. */
export async function languageOfGettext(file: string): Promise<string | undefined> {
  const reader = new EntryReader();
  let count = 0;
  try {
    for await (const lines of readLines(file)) {
      for (const line of lines) {
        const entry = reader.push(line, ++count);
        if (entry) return isHeader(entry) ? field(entry.forms[0] ?? '', 'Language') || undefined : undefined;
      }
    }
    return field(reader.end()?.forms[0] ?? '', 'Language') || undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** A field of a header; empty where it has none. */
function field(header: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(header)?.[1]?.trim() ?? '';
}

function isHeader({ message, context }: Entry): boolean {
  return message === '' && context === undefined;
}

interface Header {
  /** The messages are in the target language and the translations in the source language. */
  readonly reversed: boolean;
  /** The plural form that says one. */
  readonly singular: number;
}

function readHeader(header: string, file: string, languages: Languages): Header {
  return {
    reversed: isReversed(header, file, languages),
    singular: pluralFormOf(field(header, 'Plural-Forms'), 1) ?? 0,
  };
}

function isReversed(header: string, file: string, { from, to }: Languages): boolean {
  const charset = /charset=([^\s;]+)/i.exec(field(header, 'Content-Type'))?.[1] ?? 'UTF-8';
  // A template says CHARSET; ASCII is UTF-8 too.
  if (!/^(utf-?8|(us-)?ascii|charset)$/i.test(charset)) {
    throw new UserError(
      `${file} is in the encoding ${shorten(charset)}: make it UTF-8 (msgconv --to-code=UTF-8).`,
    );
  }
  const language = field(header, 'Language');
  if (language === '') return false;
  const primary = primaryLanguage(language);
  if (primary === primaryLanguage(to)) return false;
  if (primary === primaryLanguage(from)) return true;
  throw new UserError(
    `${file} translates into ${shorten(language)}, but the training is from ${from} to ${to}: leave it out, or change --from or --to.`,
  );
}

/**
 * The form of a plural message that says one translates the singular and the others the plural; where a language has but
 * one form, it says the plural.
 */
function pairsOf(
  { message = '', plural, forms }: Entry,
  singular: number,
): (readonly [message: string, translation: string])[] {
  if (plural === undefined) return [[message, forms[0] ?? '']];
  if (forms.length === 1) return [[plural, forms[0] ?? '']];
  return Array.from(forms, (form, index) => [index === singular ? message : plural, form ?? '']);
}
