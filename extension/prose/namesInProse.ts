/**
 * Which words of a comment are names of the file's own code, and not words of its sentences. Being a name in the code is
 * not enough: `buffer` and `count` are plain words too. The word's form, or what stands around it, must show that the name
 * is meant (docs/prose.md has the list).
 */
import { isGerman, type CodeNames } from './reading/codeNames';

/** The names of a document's code, ready to be looked up. */
export interface KnownNames {
  has(name: string): boolean;
  readonly inGerman: boolean;
}

export function knownNames({ names, inGerman }: CodeNames): KnownNames {
  const set = new Set(names);
  return { has: (name) => set.has(name), inGerman };
}

/** Among scripts without spaces a word of another begins anywhere. */
const spaced =
  '(?![\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}])[\\p{L}\\p{M}\\p{N}_$]';
const word = new RegExp(`(?!\\p{N})(?:${spaced})+`, 'gu');
/** The scripts that have capital letters or could be taken for them; a word of these among others is foreign there. */
const otherScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Greek}]/u;
/** Words that are written in capitals to raise the voice. */
const shouted = new Set(
  'A AN AND ANY ALL ALWAYS AS AT BE BUT BY CAN CANNOT DO DOES DONT EVERY EXACTLY FIXME FOR FROM HACK IF IMPORTANT IN INTO IS IT MAY MUST NEVER NO NONE NOT NOTE NOW OF ON ONE ONLY OR OUT SHALL SHOULD SO SOME THAN THAT THE THEN THIS TO TODO UP WARNING WHEN WILL WITH XXX YOU DER DIE DAS EIN EINE IST KEIN KEINE NICHT NIE NUR ODER UND WIRD ALLE ALLES IMMER'.split(
    ' ',
  ),
);
const quotePairs: Readonly<Partial<Record<string, string>>> = {
  "'": "'",
  '"': '"',
  '‘': '’',
  '‚': '‘',
  '“': '”',
  '„': '“',
  '«': '»',
  '»': '«',
  '[': ']',
};
/** The arguments of a call, as they are told in a sentence; not the ending of `file(s)`. */
const call = /\((?!(?:e?s|e?n|in|r|innen)\))[\w$\s.,:&*"'+\-[\]]{0,60}\)/y;
/** `.size`, `->size`, `::size`, `[0]`: what is behind a name and belongs to it. */
const member = /(?:(?:\.|->|::|#)[A-Za-z_$][\w$]*|\[[\w$]{1,30}\])+/y;

/** The parts of a text that name what the code names, each once, for `keep` of a passage. */
export function namesInProse(text: string, known: KnownNames): string[] {
  const kept = new Set<string>();
  for (const line of text.split('\n')) {
    let context: Context | undefined;
    let place = 0;
    for (const { 0: name, index } of line.matchAll(word)) {
      if (index < place || !known.has(name)) continue;
      context ??= { line, ...manners(line, known) };
      const part = partAround(name, index, context, known);
      if (part === undefined) continue;
      kept.add(part.text);
      place = part.end;
    }
  }
  return [...kept];
}

/** How a line is written, as far as it tells what a capital letter means. */
interface Manners {
  /** All nouns have capital letters. */
  readonly inGerman: boolean;
  /** Most of it is capitals. */
  readonly isLoud: boolean;
  /** It is in a script of its own, so that a word in Latin letters is a name. */
  readonly isForeign: boolean;
}

interface Context extends Manners {
  readonly line: string;
}

function manners(line: string, known: KnownNames): Manners {
  const words = line.match(/\p{L}{2,}/gu) ?? [];
  const capitals = words.filter((each) => each === each.toUpperCase() && each !== each.toLowerCase());
  return {
    inGerman: isGerman([line], known.inGerman),
    isLoud: capitals.length * 2 > words.length,
    isForeign: otherScripts.test(line),
  };
}

/** What of a line is the name that stands at a place, with its signs; undefined where the word is only a word. */
function partAround(
  name: string,
  start: number,
  context: Context,
  known: KnownNames,
): { text: string; end: number } | undefined {
  const { line } = context;
  const end = start + name.length;
  const found = (from: number, to: number): { text: string; end: number } => {
    return { text: line.slice(from, to), end: to };
  };
  const before = line[start - 1] ?? '';
  const [two] = /^(?: [A-Za-z_]\w*)?/.exec(line.slice(end, end + 80))!;
  if (two !== '' && known.has(name + two)) return found(start, end + two.length);
  // "don't" holds no `t`, “well-known” no `known`.
  if (/[\p{L}\p{N}][-'’]$/u.test(line.slice(Math.max(0, start - 2), start))) return undefined;

  const close = quotePairs[before];
  if (close !== undefined && line[end] === close && !/[(\p{L}]/u.test(line[end + 1] ?? ''))
    return found(start - 1, end + 1);

  const more = endAfter(member, line, end);
  const called = endAfter(call, line, more);
  if (called > more) return found(start, called);
  if (more > end && isMember(name, line.slice(end, more), known)) return found(start, more);

  const sigil = /(?:^|[\s(,;])([@%&*#]|\\[a-z] )$/.exec(line.slice(Math.max(0, start - 4), start))?.[1];
  // “*not*” is Markdown's emphasis.
  const isEmphasis = sigil === '*' && line[end] === '*';
  if (sigil !== undefined && !isEmphasis && name.length > 1) return found(start - sigil.length, end);
  return isNameByForm(name, start, context) ? found(start, end) : undefined;
}

function endAfter(pattern: RegExp, line: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(line) ? pattern.lastIndex : from;
}

/** `point.x`, `list->next`, `items[0]`; not “e.g” or the missing space of “end.Start”. */
function isMember(name: string, behind: string, known: KnownNames): boolean {
  const parts = behind.match(/[A-Za-z_$][\w$]*/g) ?? [];
  if (!behind.startsWith('.')) return true;
  return (name.length > 1 || parts.some((part) => part.length > 1)) && parts.every((part) => known.has(part));
}

function isNameByForm(name: string, start: number, { line, inGerman, isLoud, isForeign }: Context): boolean {
  if (/^[\w$]+$/.test(name) && isForeign && name.length > 1) return true;
  if (/[_$\d]/.test(name)) return name.length > 1;
  if (/\p{Ll}\p{Lu}/u.test(name)) return true;
  if (name.length < 2 || !/^\p{Lu}/u.test(name)) return false;
  if (name === name.toUpperCase()) return !isLoud && !shouted.has(name);
  // A capital letter within a sentence.
  return !inGerman && isWithinSentence(line, start);
}

/** A word before it in the same sentence, which itself is no name by its form: “Basic Usage” tells nothing. */
function isWithinSentence(line: string, start: number): boolean {
  const before = line.slice(Math.max(0, start - 60), start);
  return /(?:^|[\s([])\p{Ll}[\p{L}'’]*,?[\s([]+$/u.test(before);
}
