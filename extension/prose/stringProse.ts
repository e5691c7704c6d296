/**
 * Which strings are prose: what a program says to a person, and not what it says to another program.
 */
import type { MarkupBlock } from './reading/regions';

/** Attributes whose values a person reads. */
const readAttributes =
  /^(?:title|alt|placeholder|label|summary|caption|heading|header|description|message|tooltip|hint|text|subtitle|helpertext|errormessage|content|aria-(?:label|description|placeholder|roledescription|valuetext))$/;
/** Functions whose arguments are names, patterns or programs. */
const technicalCallee =
  /(?:^|[._$])(?:require|import|include|require_once|include_once|querySelector(?:All)?|getElementById|getElementsBy\w+|closest|matches|addEventListener|removeEventListener|getattr|setattr|hasattr|RegExp|regex\w*|compile|match|search|findall|sub|replace(?:All)?|split|test|exec\w*|query|execute|prepare|raw|system|spawn\w*|popen|shell|strftime|strptime|format_date|getenv|env|open|fopen|readFile\w*|writeFile\w*|join|resolve|fetch|classList\.\w+|addClass|removeClass|toggleClass|className|cx|clsx|classNames|setAttribute|getAttribute|Symbol|createElement)$/i;

/** Programs in a string: SQL, a shell's command, CSS, HTML alone, a selector. */
const program = [
  /^(?:https?|ftp|file|ssh|git|data):/i,
  /^\s*(?:SELECT\b[^]*\bFROM\b|INSERT\s+INTO\b|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(?:TABLE|INDEX|VIEW|DATABASE)\b|DROP\s+(?:TABLE|INDEX)\b|ALTER\s+TABLE\b|WITH\s+\w+\s+AS\s*\(|PRAGMA\b|BEGIN\b|COMMIT\b)/i,
  /^\s*(?:sudo|npm|npx|yarn|pnpm|git|docker|kubectl|curl|wget|pip3?|cargo|go|make|apt(?:-get)?|brew|cd|ls|rm|mkdir|echo|cat|grep|sed|chmod)\s+(?:-|[a-z./]+(?:\s|$))/,
  /^\s*(?:<\/?[a-z][^<>]*>\s*)+$/i,
  /^[.#][\w-]+(?:[\s>+~,.:#]+[.#]?[\w-]+)*$/,
  /[{};]\s*$/,
  /^(?:use (?:strict|client|server|asm))$/,
  /=>|===?|!==?|&&|\|\||::|->|\w\(\)?\s*;/,
  /^\s*(?:import|export|const|let|var|function|def|class|return|if|for|while)\b[^.!?]*[=({;]/,
  /\b[A-Za-z-]+:\s*[\w#-]+;/,
  /^(?:[\w-]+\/[\w.+-]+(?:;\s*[\w-]+=[\w"-]+)?(?:,\s*)?)+$/,
];
/** A word of utility classes or options: `flex`, `px-2`, `hover:bg-red`, `--all`. */
const technicalWord = /^-|[-_:/\\@#=<>[\]{}|~^*+$%]|\d|^[a-z]+[A-Z]|^[A-Z0-9_]{2,}$|^[a-z]+\.[a-z]/;
/** Words that join others to sentences, in the languages of the models and their neighbours. */
const joining =
  /^(?:a|an|the|to|of|in|on|at|is|are|was|were|be|been|has|have|had|not|no|and|or|but|if|for|from|with|by|as|this|that|these|those|it|its|you|your|we|our|they|their|he|she|cannot|can|could|will|would|should|must|may|please|does|do|did|there|here|when|while|than|then|which|who|what|how|why|all|any|some|only|into|after|before|der|die|das|den|dem|des|ein|eine|einen|einem|einer|und|oder|nicht|kein|keine|ist|sind|war|wurde|wird|werden|kann|konnte|muss|soll|mit|von|vom|zu|zum|zur|im|am|auf|aus|bei|für|über|unter|nach|vor|bitte|wenn|als|wie|auch|sich|es|er|sie|wir|ihr|le|la|les|un|une|des|du|de|et|ou|est|sont|pas|ne|pour|dans|avec|sur|el|los|las|y|o|en|con|por|para|que|se|il|lo|gli|di|e|non|per|che)$/i;

export interface StringSurroundings {
  readonly attribute?: string | undefined;
  readonly callee?: string | undefined;
}

/**
 * Whether a string is prose.
 *
 * @param said what it says, with a space for each interpolation and placeholder
 */
export function isProseString(said: string, { attribute, callee }: StringSurroundings): boolean {
  if (attribute !== undefined && !readAttributes.test(attribute)) return false;
  if (callee !== undefined && technicalCallee.test(callee)) return false;
  const text = said.trim();
  if (!/\p{L}/u.test(text) || program.some((pattern) => pattern.test(text))) return false;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2}/u.test(text)) return true;
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const plain = words.filter((word) => isPlainWord(word));
  // What stands in an attribute that a person reads need not be a sentence.
  if (attribute !== undefined)
    return plain.length > 0 && plain.length >= words.length / 2 && /\p{L}{2}/u.test(text);
  if (words.length < 2 || plain.length < 2 || plain.length < 0.6 * words.length) return false;
  // No code writes these scripts with spaces between words.
  if (
    /\p{Script=Cyrillic}{2}|\p{Script=Greek}{2}|\p{Script=Arabic}{2}|\p{Script=Hebrew}{2}|\p{Script=Devanagari}{2}/u.test(
      text,
    )
  )
    return true;
  const begins = /^["'“„«([]*\p{Lu}/u.test(text);
  const joins = words.some((word) => joining.test(word.replace(/[.,;:!?"'()]+$/g, '')));
  const ends = /[.!?…:]["'”“»)]*$/.test(text);
  return joins || (begins && (ends || plain.length >= 2)) || (ends && plain.length >= 2);
}

/**
 * Whether a block of XML is prose: its elements hold settings of programs as often as texts.
 *
 * @param source the document's text
 */
export function isProseBlock(source: string, { start, end }: MarkupBlock): boolean {
  return isProseString(source.slice(start, end).replace(/<[^<>]*>|&[#\w]+;/g, ' '), {});
}

function isPlainWord(word: string): boolean {
  const bare = word.replace(/^["'“„«(<[]+|["'”“»)>\],.;:!?…]+$/gu, '');
  if (!/\p{L}/u.test(bare)) return false;
  // “read-only” is a word.
  if (/^\p{L}+(?:[-'’]\p{L}+)+$/u.test(bare) && /^\p{L}?\p{Ll}+(?:[-'’]\p{Ll}+)+$/u.test(bare)) {
    return !/^(?:flex|grid|items|justify|text|bg|font|rounded|border|px|py|mx|my|mt|mb|ml|mr|pt|pb|pl|pr|min|max|inline|table|col|row|btn|nav|fa|icon|sr|space|gap|w|h|p|m)-/.test(
      bare,
    );
  }
  return !technicalWord.test(bare);
}
