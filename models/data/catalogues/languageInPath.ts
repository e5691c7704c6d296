/** Which language a catalogue is in, by its path, and which catalogues belong together because of it. */
import path from 'node:path';
import { primaryLanguage, type Languages } from '../readers/candidates';

export interface PlaceOfLanguage {
  /** As the path has it: `de`, `pt-BR`, `pt_BR`. */
  readonly language: string;
  /** The path with a star for the language: the same for all translations of a catalogue. */
  readonly stem: string;
}

/** Language, script and region, such as de, pt-BR, zh_Hans, sr-Latn-RS, es-419. */
const tag = /^[a-z]{2,3}(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|\d{3}))?$/i;
const isSeparator = (character: string | undefined): boolean =>
  character !== undefined && '._-'.includes(character);

/** VS Code's texts in the language that the extension was written in, English by custom. */
const untranslated = /^(?:package\.nls|bundle\.l10n)$/;

/**
 * Where one of two languages stands in a path: in the file's name (`de.json`, `messages.de.json`, `package.nls.de.json`),
 * else in the name of a folder (`locales/de/common.json`), the innermost first. Undefined where neither does.
 */
export function languageInPath(file: string, languages: Languages): PlaceOfLanguage | undefined {
  const { dir, name, ext } = path.parse(file);
  const isOne = (text: string): boolean =>
    tag.test(text) &&
    [languages.from, languages.to].some((wanted) => primaryLanguage(wanted) === primaryLanguage(text));
  const language = endings(name).find(isOne);
  if (language !== undefined)
    return { language, stem: path.join(dir, `${name.slice(0, -language.length)}*${ext}`) };
  if (untranslated.test(name) && isOne('en'))
    return { language: 'en', stem: path.join(dir, `${name}.*${ext}`) };
  const folders = dir.split(path.sep);
  for (let index = folders.length - 1; index >= 0; index--) {
    const language = folders[index]!;
    if (!isOne(language)) continue;
    const stem = [...folders.slice(0, index), '*', ...folders.slice(index + 1), `${name}${ext}`].join(
      path.sep,
    );
    return { language, stem };
  }
  return undefined;
}

/**
 * The language that a file is in, as far as its path tells: one of the two, else any that its name ends with
 * (`messages.fr`).
 */
export function languageByPath(file: string, languages: Languages): string | undefined {
  const { name } = path.parse(file);
  const inName = languageInPath(path.basename(file), languages)?.language;
  return inName ?? endings(name).find(isLanguage) ?? languageInPath(file, languages)?.language;
}

/** Of three letters some are words of every project: app, api. */
function isLanguage(text: string): boolean {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  return tag.test(text) && names.of(primaryLanguage(text)) !== undefined;
}

/** What a name ends with from its start or a separator on, the longest first. */
function endings(name: string): string[] {
  const starts = Array.from(name, (_, start) => start).filter(
    (start) => start === 0 || isSeparator(name[start - 1]),
  );
  return starts.map((start) => name.slice(start));
}

/** Of several translations the one in exactly this language, else in another region's. */
export function pickLanguage<T>(translations: ReadonlyMap<string, T>, wanted: string): T | undefined {
  const same = [...translations].find(
    ([language]) => language.replaceAll('_', '-').toLowerCase() === wanted.toLowerCase(),
  );
  const akin = [...translations].find(([language]) => primaryLanguage(language) === primaryLanguage(wanted));
  return (same ?? akin)?.[1];
}
