/**
 * What stands before the text of a comment's line and stays: bullets, numbers, headings, markers, and tags of
 * documentation with the names and types that belong to them.
 */

/** Where a line of a comment stands. */
export interface LineContext {
  /** The document's language, where it is known: some have tags and tools of their own. */
  readonly languageId?: string | undefined;
  /** What stands before the line's text: white space, signs. */
  readonly lead?: string;
}

/** Brackets with what is in them, as types have them. */
const angled = '<[^<>]*(?:<[^<>]*(?:<[^<>]*>[^<>]*)*>[^<>]*)*>';
const braced = '\\{[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}';
const square = '\\[[^[\\]]*(?:\\[[^[\\]]*\\][^[\\]]*)*\\]';
const round = '\\([^()]*(?:\\([^()]*\\)[^()]*)*\\)';

const markers: readonly RegExp[] = [
  /[-*+•]\s+(?:Parameters?|Returns|Throws|Precondition|Postcondition|Requires|Complexity|SeeAlso)(?:\s+\w+)?:\s+/,
  /[-*+•]\s+(?:\[[ xX]\]\s+)?/,
  /\d{1,3}[.)]\s+/,
  /#{1,6}\s+/,
  // Cells of notebooks in Python.
  /%%\s+(?:\[\w+\]\s*)?/,
  // Rulers with a title.
  /[-=*#~_/+.<>]{3,}\s+/,
];

/** Of a type in PHP, without spaces outside of brackets. */
const phpType = `(?:[^\\s<>(){}]|${angled}|${braced}|${round})+`;

const tags: readonly RegExp[] = [
  // PHP and YARD give types too: `@param string $name`, `@param name [String]`, `@option opts [String] :name`.
  new RegExp(
    `[@\\\\](?:param|var|property(?:-read|-write)?)\\s+(?:${phpType}\\s+)?[&.]*\\$\\w+(?:\\s+-)?(?:\\s+|$)`,
  ),
  new RegExp(`[@\\\\]option\\s+\\S+\\s+${square}\\s+:?\\S+(?:\\s+${round})?(?:\\s+|$)`),
  new RegExp(`[@\\\\](?:param|yieldparam)\\s+\\S+\\s+${square}(?:\\s+|$)`),
  /[@\\](?:param|arg|argument|property|prop|tparam|typeParam|template|field)\b(?:\[[a-z,]+\])?\s+(?:\{(?:[^{}]|\{[^{}]*\})*\}\s+)?\S+(?:\s+-)?(?:\s+|$)/,
  /[@\\](?:throws|exception|raise|retval)\s+(?:\{[^}]*\}|\[[^\]]*\]|\S+)(?:\s+-)?(?:\s+|$)/,
  // PHP's types, where the language is not known.
  /[@\\](?:returns?|var)\s+(?!\[)(?:[\w\\]*(?:[|\\[\]&?]|<[^<>]*(?:<[^<>]*>[^<>]*)?>)(?:[\w\\|[\],&?]|<[^<>]*>)*|\$this|static|(?:int|string|bool(?:ean)?|array|null|self|void|mixed|float|object|callable|iterable|never|true|false)(?=\s+[A-ZÄÖÜ]|\s*$))(?:\s+|$)/,
  new RegExp(`[@\\\\][a-zA-Z][\\w-]*:?\\s*(?:\\{(?:[^{}]|\\{[^{}]*\\})*\\}\\s*|${square}(?:\\s+|$))?`),
  /:[a-z]+(?:\s[^:]*)?:(?:\s+|$)/,
  /(?:TODO|FIXME|XXX|HACK|NOTE|BUG|OPTIMI[ZS]E|REVIEW|MARK|SAFETY|INVARIANT)(?:\([^)]*\))?:\s*(?:-\s+)?/,
  // By which xgettext and WordPress find what is said to translators.
  /(?:[Tt]ranslators?|TRANSLATORS?):\s+/,
  // The sections of kernel-doc.
  /(?:Context|Returns?|Return value|Locking):\s+/,
  /MARK\s*-\s+/,
  // Of a service of System V.
  /Short-Description:\s+/,
  // Tags of Javadoc's HTML and of C#'s XML that begin a paragraph.
  /(?:<\/?(?:p|li|br|dt|dd|dl|ul|ol|h[1-6]|tr|td|th|table|summary|remarks|returns|value|param|typeparam|exception|example|para|item|description|term)\b[^<>]*>\s*)+/,
  /(?:\.\. (?:note|warning|tip|important|caution|danger|attention|hint|error|deprecated|versionadded|versionchanged|seealso|todo)::\s*(?:\d[\w.]*\s*)?)/,
  /[!>](?:\[!\w+\])?\s+/,
];

/** What may follow `@return` in PHP where a type is left out: “the sum”, “number of bytes”, “true if it was found”. */
const noPhpType =
  '(?!(?:[Tt]he|[Aa]n?|[Aa]ll|[Ww]hether|[Ii]f|[Nn]othing|[Oo]ne|[Rr]eturns?)\\s|(?!(?:array|string|int|float|bool|object|iterable)\\s)[A-Za-z]+\\s+(?:of|to)\\s|(?:[Aa]bsolute|[Cc]urrent|[Ff]ormatted|[Nn]ew)\\s|(?:[Tt]rue|TRUE|[Ff]alse|FALSE|null|NULL)\\s+(?:if|on|when|in|for|otherwise)\\b)';
const luaAtom = `(?:fun${round}(?::\\s*[\\w.]+(?:\\[\\])*\\??)?|[\\w.*]+(?:${angled})?|${braced}|${round}|${square}|"[^"]*"|'[^']*')(?:\\[\\])*\\??`;
const luaType = `${luaAtom}(?:\\s*\\|\\s*${luaAtom})*`;
/** Where it need not be a type: one of Lua's own, and no part of “string to look for”. */
const luaOwnType = `(?:nil|any|boolean|string|number|integer|function|table|thread|userdata)(?:${angled})?(?:\\[\\])*\\??(?:\\|${luaAtom})*(?!\\s+(?:to|of|that|which|with|for|from|in|where|whose|containing|used|if|on|when|or|and|is)\\b)`;
/** The name of a value, told by the sentence that begins behind it. */
const luaName =
  '(?:\\s+(?!(?:returns?|is|are|has|contains|holds|of|in|with|for|if|when|whether|then|that|which|as|to|from|by|on|or|and|only|not)\\b)[a-z_]\\w*\\??(?=\\s+(?:the|an?|whether|if|[A-Z]\\w+|#)\\s))?';
const luaBehind = '(?:\\s+(?:#\\s+)?|$)';

/** Tags that a language writes in an order of its own; they are tried before the others. */
const tagsOfLanguage: Readonly<Partial<Record<string, readonly RegExp[]>>> = {
  php: [
    new RegExp(`@(?:param|var|property(?:-read|-write)?)\\s+(?:${phpType}\\s+){0,5}[&.]*\\$\\w+(?:\\s+|$)`),
    new RegExp(
      `@(?:return|var)\\s+${noPhpType}${phpType}(?:\\s+[|&]\\s+${phpType}|(?<=:)\\s+${phpType})*(?:\\s+-)?(?:\\s+|$)`,
    ),
  ],
  ruby: [
    new RegExp(`@(?:param|yieldparam|attr(?:_reader|_writer)?)\\s+${square}\\s+\\S+(?:\\s+|$)`),
    new RegExp(`@attr(?:_reader|_writer)?\\s+\\S+\\s+${square}(?:\\s+|$)`),
  ],
  haskell: [/Description\s*:\s+/],
  // Roxygen's.
  r: [/@(?:describeIn|slot)\s+\S+(?:\s+|$)/],
  // HugSQL's.
  sql: [/:doc\s+/],
  // What helm-docs reads.
  yaml: [/(?:@\w+\s+)?--\s+(?:\([^()]*\)\s+)?/],
  // LDoc's.
  lua: [
    new RegExp(`@tparam(?:${square})?\\s+${luaType}\\s+\\S+(?:\\s+|$)`),
    new RegExp(`@treturn(?:${square})?\\s+${luaType}(?:\\s+|$)`),
    new RegExp(`@(?:string|int|number|bool|func|tab)(?:${square})?\\s+\\w+(?:\\s+|$)`),
    new RegExp(`@param\\s+\\S+\\s+${luaOwnType}(?:\\s+|$)`),
    new RegExp(`@return\\s+${luaOwnType}(?:\\s+|$)`),
  ],
  luals: [
    new RegExp(`@param\\s+\\S+\\s+${luaType}${luaBehind}`),
    new RegExp(
      `@field\\s+(?:(?:public|private|protected|package)\\s+)?(?:${square}|\\S+)\\s+${luaType}${luaBehind}`,
    ),
    new RegExp(`@(?:return|vararg)\\s+(?:${luaType}(?:\\s+\\w+)?\\s*,\\s*)*${luaType}${luaName}${luaBehind}`),
  ],
};

const general = beginningWith([...markers, ...tags]);
const own = new Map(
  Object.entries(tagsOfLanguage).map(([language, patterns]) => [language, beginningWith(patterns!)]),
);

/** A pattern for lines that begin with what one of these matches. */
export function beginningWith(patterns: readonly RegExp[]): RegExp {
  return new RegExp(`^(?:${patterns.map(({ source }) => source).join('|')})`);
}

/** What a line of a comment begins with and keeps; empty where it begins with its text. */
export function headOf(content: string, context: LineContext): string {
  return (own.get(dialectOf(context))?.exec(content) ?? general.exec(content))?.[0] ?? '';
}

/** In Lua, LuaLS reads what touches the sign (`---@param`), and LDoc the rest. */
function dialectOf({ languageId = '', lead = '' }: LineContext): string {
  return languageId === 'lua' && lead.endsWith('---') ? 'luals' : languageId;
}
