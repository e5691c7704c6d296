/**
 * Words as identifiers: a name in each of the usual spellings. Knows neither VS Code nor the engine.
 */

export const spellings = ['camelCase', 'PascalCase', 'snake_case', 'kebab-case', 'CONSTANT_CASE'] as const;
export type Spelling = (typeof spellings)[number];

const write: Readonly<Record<Spelling, (words: readonly string[]) => string>> = {
  camelCase: (words) => words.map((word, index) => (index === 0 ? lower(word) : capitalised(word))).join(''),
  PascalCase: (words) => words.map(capitalised).join(''),
  snake_case: (words) => words.map(lower).join('_'),
  'kebab-case': (words) => words.map(lower).join('-'),
  CONSTANT_CASE: (words) => words.map((word) => word.toLocaleUpperCase('en')).join('_'),
};

const lower = (word: string): string => word.toLocaleLowerCase('en');

function capitalised(word: string): string {
  const [first = ''] = word;
  return first.toLocaleUpperCase('en') + lower(word.slice(first.length));
}

/** Words that a name does without, where others are left: a name is no sentence. */
const dispensable: Readonly<Record<string, ReadonlySet<string>>> = {
  en: new Set(['a', 'an', 'the', 'please']),
  de: new Set(['der', 'die', 'das', 'den', 'dem', 'des', 'ein', 'eine', 'einen', 'einem', 'einer', 'eines']),
  fr: new Set(['le', 'la', 'les', 'l', 'un', 'une', 'des']),
};

/** A longer name is nobody's wish: what follows is left out. */
const mostWords = 8;

/** Letters that do not come apart into an ASCII letter and a mark. */
const asciiLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'Ae', œ: 'oe', Œ: 'Oe', ø: 'o', Ø: 'O', đ: 'd', Đ: 'D', ł: 'l', Ł: 'L' },
};
const germanLetters: Readonly<Record<string, string>> = {
  ...{ ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' },
};

/**
 * The words of a text that a name is made of: letters and digits, plain Latin ones where the script is Latin, without
 * articles. Words that are written together are taken apart: `userName` is two.
 *
 * @param language a language tag, which decides how letters become plain ones and what is an article
 */
export function wordsOfName(text: string, language: string): string[] {
  const [primary = ''] = language.toLowerCase().split('-', 1);
  const letters = primary === 'de' ? { ...germanLetters, ...asciiLetters } : asciiLetters;
  const plain = text
    .normalize('NFC')
    .replace(/['’]s\b/gu, 's')
    .replace(/\p{L}/gu, (letter) => letters[letter] ?? letter)
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC');
  const words = [...plain.matchAll(/[\p{ID_Start}\p{Nd}][\p{ID_Start}\p{Nd}\p{Mn}\p{Mc}]*/gu)].flatMap(
    ([run]) => partsOf(run),
  );
  const needed = words.filter((word) => dispensable[primary]?.has(lower(word)) !== true);
  return (needed.length > 0 ? needed : words).slice(0, mostWords);
}

/** `XMLParser2Go` → `XML`, `Parser2`, `Go`. */
function partsOf(run: string): string[] {
  return run.match(/\p{Lu}+(?!\p{Ll})\p{Nd}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+\p{Nd}*|\p{Nd}+|./gu) ?? [];
}

/**
 * A name in a spelling; undefined where the words make none.
 *
 * An identifier cannot begin with a digit, so that an underscore goes before it, as most languages let one write.
 */
export function spell(words: readonly string[], spelling: Spelling): string | undefined {
  const name = write[spelling](words);
  if (!/\p{L}/u.test(name)) return undefined;
  return /^\p{Nd}/u.test(name) && spelling !== 'kebab-case' ? `_${name}` : name;
}

const usual: Readonly<Record<string, Spelling>> = {
  ...{ python: 'snake_case', ruby: 'snake_case', rust: 'snake_case', c: 'snake_case', elixir: 'snake_case' },
  ...{ sql: 'snake_case', lua: 'snake_case', perl: 'snake_case', r: 'snake_case', julia: 'snake_case' },
  ...{ css: 'kebab-case', scss: 'kebab-case', less: 'kebab-case', html: 'kebab-case', clojure: 'kebab-case' },
  ...{ csharp: 'PascalCase', dotenv: 'CONSTANT_CASE', shellscript: 'snake_case', makefile: 'CONSTANT_CASE' },
};

/** The spellings in the order in which they are offered: what is usual in the document's language first. */
export function spellingsFor(languageId: string): Spelling[] {
  const first = usual[languageId] ?? 'camelCase';
  return [first, ...spellings.filter((spelling) => spelling !== first)];
}
