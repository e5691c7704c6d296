/**
 * Whether lines of a comment are code that was commented out. Knows no language: it weighs what code has (signs, keywords
 * in their places, calls, assignments) against what sentences have (words in a row, small words, full stops).
 */

interface Feature {
  readonly pattern: RegExp;
  readonly weight: number;
}

/** What speaks for code, where a line has it. */
const forCode: readonly Feature[] = [
  { pattern: /[;{]\s*$/, weight: 2.5 },
  { pattern: /[\w$)\]>]\s*[([]$|^[([{]$|=\s*$/, weight: 2 },
  { pattern: /^[\w$'"-]+\??:\s*[\w$."'`[\]-]+,$/, weight: 2 },
  { pattern: /^(?:[?:|+] |\|\||&&|\.\.\.)\s?\S/, weight: 1.5 },
  { pattern: /^[})\]]+[;,)]*\s*(?:else\b.*)?$/, weight: 3 },
  { pattern: /^[\w$.[\]"'()*&>-]+\s*(?:[-+*/%&|^]|<<|>>|\?\?)?=(?![=>])\s*\S/, weight: 2 },
  { pattern: /^(?:[\w$]+(?:\.|->|::))*[\w$!]+(?:<[\w, ]*>)?\([^)]*\)?.*[;,{)]?$/, weight: 1 },
  { pattern: /^(?:[\w$]+(?:\.|->|::))*[\w$!]+\([^)]*\)\s*[;{,.]?$/, weight: 2 },
  { pattern: /^(?:[\w$]+(?:\.|->|::))+[\w$!]+\(/, weight: 1.5 },
  {
    pattern:
      /^(?:const|let|var|val|local|my|our|auto|final|static|public|private|protected|internal|extern|inline|override)\s+[\w$<>[\]*&:, ]+[=;({]|^(?:const|let|var|val|local|my)\s+[\w$<>[\]*&:, ]+$/,
    weight: 2,
  },
  {
    pattern: /^(?:if|while|for|switch|foreach|elif|elseif|unless|until|catch|when|match)\s*\(.*[){;:]?\s*$/,
    weight: 2.5,
  },
  { pattern: /^(?:async )?(?:if|elif|while|for|with|except|class|def)\b.*[\w)\]'"}]:$/, weight: 2 },
  { pattern: /^(?:async )?(?:if|elif|while|for|with|except|class|def)\b.*[._()[\]=<>].*:$/, weight: 2 },
  { pattern: /^(?:if|elif|while|assert|return|not)\b.*\bis (?:not )?None\b/, weight: 2 },
  { pattern: /^for\s+[\w, ]+\s+in\s+[\w.()[\]]+:$/, weight: 4 },
  { pattern: /^(?:try|else|finally|do):$/, weight: 3 },
  { pattern: /^(?:from\s+[\w.]+\s+import\s+[\w*(, ]+|import\s+[\w.]+(?:\s+as\s+\w+)?(?:,.*)?)$/, weight: 3 },
  { pattern: /^(?:raise|throw)\s+(?:new\s+)?[\w.]+\(/, weight: 3 },
  { pattern: /^[\w$.]+(?:\s*,\s*[\w$.*]+)+\s*=\s*\S/, weight: 2 },
  { pattern: /^(?:return|yield|del|global|nonlocal)\s+[\w$.[\]]+(?:\s*,\s*[\w$.[\]]+)*$/, weight: 1 },
  {
    pattern:
      /^(?:return|throw|raise|yield|await|break|continue|goto|delete|assert)\b(?:\s+[^\s]*[\w)\]"'`])?\s*;$/,
    weight: 3,
  },
  {
    pattern:
      /^return\s+(?:[\w$.]+\(|[\w$]+\.[\w$]+|[-!\d"'`[{(]|(?:[Tt]rue|[Ff]alse|null|NULL|None|nil|self|this)\b)/,
    weight: 2,
  },
  {
    pattern:
      /^(?:function|func|fn|def|sub|proc|class|struct|enum|interface|namespace|impl|trait|module|package|import|from|use|using|require|include|export|typedef|template|type)\s+[\w$*{'"<@./:]+.*(?:[({;:'">}]|=>|\bimport\b.*)\s*$/,
    weight: 2,
  },
  { pattern: /^import\s+[\w$.*{}, ]+(?:\s+from\s+['"].*)?;?$/, weight: 1.5 },
  { pattern: /^#\s*(?:include|define|if|ifdef|ifndef|endif|else|elif|undef|pragma)\b/, weight: 3 },
  { pattern: /^@[A-Z]\w*(?:\(.*\))?$/, weight: 1.5 },
  { pattern: /^<\/?[A-Za-z][\w.:-]*(?:\s+[\w:@.-]+(?:=(?:"[^"]*"|'[^']*'|\{.*\}))?)*\s*\/?>/, weight: 2 },
  { pattern: /=>|===|!==|&&|\|\||::|->|:=|\+\+|--;|\+=|-=|\?\./, weight: 1.5 },
  { pattern: /[<>=!]=/, weight: 1 },
  { pattern: /\w\[[^\]\s]*\]|\b[\w$]+\.[\w$]+\.[\w$]+/, weight: 0.7 },
  {
    pattern: /^["'`][\w$.-]+["'`]\s*:\s*\S|^[\w$-]+\s*:\s*(?:["'`[{\d]|true|false|null|function)\S*.*,$/,
    weight: 2.5,
  },
  { pattern: /^(?:["'`].*["'`]|[\d.]+|[\w$.[\]]+)\s*,$/, weight: 1.5 },
  { pattern: /^(?:[\w$.]+\s*,\s*)+[\w$.]*$/, weight: 1 },
  { pattern: /^\$[\w]+\s*=|^[A-Z_]{3,}=\S/, weight: 2 },
  { pattern: /^\.[\w$]+\(/, weight: 2 },
  { pattern: /^[\w.#:*[][\w\s.#:>+~,*()[\]=-]*\{.*\}$/, weight: 3 },
  { pattern: /^-\s+[\w-]+:\s+\S/, weight: 3 },
  { pattern: /^[a-z][\w.-]*(?:\s\S+)*\s-{1,2}[A-Za-z][\w-]*(?:[\s=]|$)/, weight: 2 },
  { pattern: /(?:^|\s)\$\{?\w+\}?(?:\s|$)|\s""(?:\s|$)/, weight: 1 },
  {
    pattern: /^(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|FROM|WHERE|JOIN|GROUP BY|ORDER BY)\b.*[A-Z_]/,
    weight: 1.5,
  },
  {
    pattern:
      /^(?:echo|sudo|export|source|cd|mkdir|rm|cp|mv|git|npm|make|cmake|docker)\s+[-./$"'\w]+(?:\s+[-./$"'\w]+)*$/,
    weight: 1,
  },
  {
    pattern: /^(?:end|fi|done|esac|endif|endfor|next|loop|begin|then|else|do|break|continue|pass|return)$/i,
    weight: 2,
  },
  {
    pattern:
      /^(?:FROM|RUN|COPY|ADD|ENV|ARG|WORKDIR|EXPOSE|ENTRYPOINT|CMD|LABEL|USER|VOLUME|HEALTHCHECK|ONBUILD|STOPSIGNAL)\s+[^\s.]/,
    weight: 3.5,
  },
  { pattern: /^[\w-]+:\s*[^;]+;$/, weight: 2 },
];

/** What speaks for a sentence. */
const forProse: readonly Feature[] = [
  { pattern: /\p{Ll}[.!?]["')]?$/u, weight: 2 },
  { pattern: /\p{Ll}[.!?] +\p{Lu}/u, weight: 2 },
  { pattern: /^\p{Lu}\p{Ll}+ (?:\p{Ll}+ ){2}/u, weight: 2 },
  { pattern: /(?:^|[\s(])\p{Ll}{2,}(?: \p{Ll}{2,}){3}/u, weight: 2 },
  { pattern: /(?:^|\s)\p{L}\p{Ll}+(?: \p{L}\p{Ll}*){2}(?:[\s.,;:!?]|$)/u, weight: 1 },
  {
    pattern:
      /\b(?:the|a|an|is|are|was|be|to|of|that|this|which|should|must|not|we|it|you|and|or|because|when|so|can|will|der|die|das|ist|und|nicht|wird|ein|eine|für|mit|von|auf|wenn|oder)\b(?=[\s,.;:])/i,
    weight: 1,
  },
  { pattern: /^(?:TODO|FIXME|XXX|HACK|NOTE|BUG|WARNING|HINWEIS|ACHTUNG)\b/, weight: 2 },
  {
    pattern:
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{3}|\p{Script=Cyrillic}{3}/u,
    weight: 4,
  },
  { pattern: /\b\p{Ll}+(?:n't|'s|'re|'ll)\b/u, weight: 1.5 },
  { pattern: /^\p{L}\p{Ll}+ by \p{Ll}/u, weight: 1 },
  { pattern: /, \p{Ll}+ \p{Ll}+/u, weight: 1 },
];

function weigh(line: string, features: readonly Feature[]): number {
  return features.reduce((sum, { pattern, weight }) => (pattern.test(line) ? sum + weight : sum), 0);
}

/** `1.day.to_s # => "86400"`, as examples tell what comes out. */
const result = /\s(?:#|\/\/|--)\s?=>\s?\S/;

/** More than 0: rather code. Strings and comments in the line say nothing of it. */
function score(content: string): number {
  if (result.test(content)) return 4;
  const line = content
    .slice(0, 300)
    .replace(/"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)/g, '""')
    .replace(/\s(?:\/\/|#|--)\s.*$/, '')
    // Emphasis of Markdown.
    .replace(/(\*{1,2})(\p{L}[^*]*)\1/gu, '$2')
    .trim();
  if (line === '') return 0;
  const words = line.match(/\p{L}+/gu)?.length ?? 0;
  const signs = line.match(/[{}()[\];=<>&|+*$@#%^~]/g)?.length ?? 0;
  const dense = signs / Math.max(1, words + signs);
  return (
    weigh(line, forCode) - weigh(line, forProse) + (dense > 0.5 ? 1 : 0) - (signs === 0 && words > 2 ? 1 : 0)
  );
}

/** Whether a line by itself is code. */
export function isCodeLine(content: string): boolean {
  return score(content) >= 1.5;
}

/** A call, and nothing else: `print(source, target)`. */
const call = /^[a-z_][\w.]*\((?:[^()]|\([^()]*\))*\)$/;

/** Whether a line is code, whatever stands above and below it; “foo().” may be the end of a sentence. */
export function isPlainlyCode(content: string): boolean {
  return call.test(content) || (score(content) >= 4 && !content.endsWith('.'));
}

/** Whether a line by itself is part of a sentence, and nothing else. */
export function isPlainlyProse(content: string): boolean {
  return score(content) <= -3;
}

/** So many lines tell. */
const mostLines = 200;

/** Whether lines of a comment, read together, are code that was commented out. */
export function isCommentedCode(contents: readonly string[]): boolean {
  const written = contents.slice(0, mostLines).filter((content) => /[\p{L}\p{N}{}()[\]]/u.test(content));
  if (written.length === 0) return false;
  const scores = written.map(score);
  const sum = scores.reduce((total, value) => total + value, 0);
  const code = scores.filter((value) => value >= 1).length;
  if (written.length === 1) return scores[0]! >= 1.5;
  return sum / written.length >= 0.7 && code >= 0.5 * written.length;
}
