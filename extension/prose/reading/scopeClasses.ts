/**
 * What the scopes of a TextMate token say: whether it is part of a comment, a string, a tag, or text of a document.
 */

/**
 * The part that a token plays:
 * - `quote`, `text`, `escape`, `hole`: of a string: its quotation marks, what it says, an escape sequence, and what is
 *   neither (an interpolation, a placeholder);
 * - `tag`, `attribute`: of markup: a tag's signs, name and white space; an attribute's name;
 * - `prose`: text between tags;
 * - `code`: all else.
 */
export type Part = 'comment' | 'quote' | 'text' | 'escape' | 'hole' | 'tag' | 'attribute' | 'prose' | 'code';

export interface ScopeClass {
  readonly part: Part;
  /** Of a comment: how many comments it lies in, one within the other. */
  readonly depth: number;
  /** The grammar says that it is a sign of a comment: `//`, `/*`. */
  readonly isCommentSign: boolean;
  /** The string ends or begins with it; a quotation mark may be said to be neither. */
  readonly quote?: 'begin' | 'end' | undefined;
  /** It is a key, names a file to include, or is a pattern: never prose, whatever it says. */
  readonly isNoProse: boolean;
  /** Of markup: a tag within a line of text, as `b` and `a` are. */
  readonly isInline: boolean;
  /** Signs of a tag: `<`, `</`, `/>`. */
  readonly isTagSign: boolean;
  /** The tag's name is in it. */
  readonly isTagName: boolean;
  /** It lies within a string, interpolations included. */
  readonly inString: boolean;
}

const commentScope = /^comment(?:\.(?!block\.preprocessor)|$)/;
/** A string that documents what it stands in. */
const docstringScope = /^string\.(?:quoted\.)?docstring\b|^comment\.documentation\b/;
const stringScope =
  /^string\.(?:quoted|template|interpolated|json|unquoted\.heredoc)\b|^meta\.(?:fstring|string-contents)\b/;
const noProseScope =
  /\b(?:regexp|include|import|export|key|property-name|object-literal\.key|entity\.name\.(?:tag|import)|attribute-selector|use-statement|function\.url)\b|^string\.(?:unquoted|other\.link)/;
const tagScope = /^(?:meta\.tag\b|meta\.element\b|punctuation\.definition\.tag\b|entity\.name\.tag\b)/;
/** Text between tags lies in nothing but these. */
const documentScope =
  /^(?:text\.|source\.|meta\.(?:jsx\.children|tag|element|embedded\.block\.(?:html|php)|stream|document)\b|constant\.character\.entity\b|punctuation\.definition\.entity\b|invalid\.illegal\.(?:bad-ampersand|character-not-allowed-here)\b)/;

/** @param scopes from the document's down to the token's own */
export function classify(scopes: readonly string[]): ScopeClass {
  const own = scopes.at(-1)!;
  const depth = scopes.filter((scope) => commentScope.test(scope) || docstringScope.test(scope)).length;
  const string = scopes.findIndex((scope) => stringScope.test(scope));
  const inString = depth === 0 && string >= 0;
  const within = scopes.slice(1);
  return {
    part: partOf(scopes, { own, depth, string: inString ? string : -1 }),
    depth,
    isCommentSign: depth > 0 && /^punctuation\.definition\.(?:comment|string)\b/.test(own),
    quote: !inString
      ? undefined
      : within.some((scope) => /^punctuation\.definition\.string\b.*\.begin\b/.test(scope))
        ? 'begin'
        : within.some((scope) => /^punctuation\.definition\.string\b.*\.end\b/.test(scope))
          ? 'end'
          : undefined,
    isNoProse: within.some((scope) => noProseScope.test(scope)),
    isInline: within.some((scope) => /^meta\.tag\.inline\b/.test(scope)),
    // HTML's grammar puts a mark of its own behind that of the tag that ends a script.
    isTagSign: depth === 0 && scopes.slice(-2).some((scope) => /^punctuation\.definition\.tag\b/.test(scope)),
    isTagName: /^(?:entity\.name\.tag|support\.class\.component)\b/.test(own),
    inString,
  };
}

function partOf(
  scopes: readonly string[],
  { own, depth, string }: { own: string; depth: number; string: number },
): Part {
  if (depth > 0) return 'comment';
  if (string >= 0) {
    if (scopes.some((scope) => /^punctuation\.definition\.string\b/.test(scope))) return 'quote';
    if (/^constant\.character\.escape\b/.test(own)) return 'escape';
    return /^(?:string\.|meta\.string-contents\b)/.test(own) ? 'text' : 'hole';
  }
  if (/^entity\.other\.attribute-name\b/.test(own)) return 'attribute';
  if (own.startsWith('meta.jsx.children')) return 'prose';
  const isMarkup = scopes[0]!.startsWith('text.') || scopes.some((scope) => scope.startsWith('meta.jsx'));
  if (!isMarkup) return scopes.some((scope) => /^meta\.tag\b/.test(scope)) ? 'tag' : 'code';
  const innermostTag = scopes.findLastIndex((scope) => tagScope.test(scope));
  const innermostCode = scopes.findLastIndex((scope) => /^(?:source\.|meta\.embedded\b)/.test(scope));
  if (innermostTag > innermostCode && innermostTag >= 0) return 'tag';
  return scopes.every((scope) => documentScope.test(scope)) && innermostCode < 1 ? 'prose' : 'code';
}
