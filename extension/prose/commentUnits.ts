/**
 * What the lines of a comment are: paragraphs, whose lines are one text, and lines that stay, such as blank lines,
 * rulers, examples of code, code that was commented out, what tools read, and licences.
 */
import { isCodeLine, isCommentedCode, isPlainlyCode, isPlainlyProse } from './commentedCode';
import { headOf, type LineContext } from './commentHeads';
import type { Comment } from './comments';
import { isCodeOfPod, markOf } from './paragraphMarks';
import { isSynopsis, isUsageLabel } from './reading/synopsis';
import { isForTools, isLicence } from './toolComments';
import { joint } from './wrap';

/** Lines of a comment that are one text, or a line that stays. */
export type Unit =
  | {
      readonly kind: 'prose';
      readonly first: number;
      readonly count: number;
      /** What is before the text and stays: `- `, `@param name `. */
      readonly head: string;
      readonly text: string;
      /** What is behind it and stays: the end of a ruler. */
      readonly tail: string;
    }
  | { readonly kind: 'kept'; readonly first: number };

/** Of a See Also section. */
const seenName = /^[\w.]+(?:, [\w.]+)* : /;
/** So many lines tell whether a paragraph goes on as code. */
const mostLinesBelow = 30;
/** Within an indented part: the name of a parameter, as Google's style for Python has it. */
const namePattern = /^\*{0,2}[\w.]+(?: \([^)]*\))?:\s+/;
const rulerAtEnd = /\s+[-=*#~_/+.<>]{3,}$/;

/** A line of code in an example, when it is indented. */
const codePattern = /[;{}]$|^[\w.$]+\(.*\)$|^(?:\$|>|>>>|\.\.\.) /;
const doctest = /^(?:>>>|\.\.\.|In \[\d+\]:|irb[(>]|iex[(>]|\$ )/;
/** Titles that documentation tools look for. */
const section =
  /^(?:Args|Arguments|Attributes|Example|Examples|Keyword Args|Keyword Arguments|Methods|Note|Notes|Other Parameters|Parameters|Params|Raises|Receives|References|Return|Returns|See Also|Throws|Todo|Usage|Warning|Warnings|Warns|Yield|Yields):?$/;
/** `x : array_like, optional`, as numpy documents parameters. */
const numpyName = /^\*{0,2}\w+(?:, \*{0,2}\w+)* : \S/;
const underline = /^[-=~^"'*+#]{3,}$/;
const onlyTags = /^(?:<\/?[A-Za-z][\w:.-]*(?:\s[^<>]*)?\/?>\s*)+$/;
/** A name, a file, an address. */
const nameAlone =
  /^[<("'`]?(?:[a-z]+:\/\/\S+|[\w$]*(?:[_.:/\\@#]|[a-z][A-Z]|[A-Z]{2}|[a-z]\d)[\w$.:/\\@#-]*[\w$/])(?:\(\))?[>)"'`]?[:;,]?$/;
/** Pictures of boxes and arrows. */
const drawing = /[─-╿▀-▟]|\+-{2,}|-{3,}[>+]|<-{3,}|\|\s{2,}\||^\s*\|/;
/** Columns of a table. */
const tableRow = /\S(?: {5,40}|\t{1,8})\S/;
/** A sentence, even where it is indented as an example is. */
const wholeSentence = /^\p{Lu}\p{Ll}*(?:[ ,]+\S+){4,}\p{Ll}[.!?:]$/u;
/** Columns by which an example stands further in than what is said of it. */
const exampleIndentation = 4;
/** A small word with a capital letter. */
const beginsSentence =
  /^(?:This|These|That|Those|It|They|There|The|If|When|While|Note|We|You|And|But|So|Also|However|Otherwise|Then|An?|Dies(?:e[rsnm]?)?|Es|Der|Die|Das|Ein(?:e[rnms]?)?|Wenn|Falls|Wir|Und|Aber|Sonst) /;
/** `Usage:` */
const label = /^\p{Lu}[\p{L}-]*(?: \p{L}+)?:$/u;
/** Narrower lines were broken where their writer wanted it. */
const narrow = 50;
/** From one of these on lines stay, to what ends them. */
const verbatim: readonly (readonly [begins: RegExp, ends: RegExp])[] = [
  [/^(?:```|~~~)/, /^(?:```|~~~)/],
  [
    // R's `\code{x}` is a word of a sentence.
    /^[@\\](?:code(?!\{[^.])|verbatim|dot|msc|startuml|f\[|rst)\b/,
    /[@\\](?:endcode|endverbatim|enddot|endmsc|enduml|f\]|endrst)\b/,
  ],
  [
    /<(?:pre|code|programlisting)\b[^>]*>(?!.*<\/(?:pre|code|programlisting)>)/,
    /<\/(?:pre|code|programlisting)>/,
  ],
  [/\{@(?:code|snippet)\b[^}]*$/, /\}/],
  // What a script in Python needs.
  [/^\/\/\/ script$/, /^\/\/\/$/],
  // Parts of POD for other programs.
  [/^=begin\s/, /^=end\b/],
  [/^=for\s/, /^$/],
];
/** Of PowerShell's help. */
const helpKeyword =
  /^\.(?:(?:SYNOPSIS|DESCRIPTION|EXAMPLE|INPUTS|OUTPUTS|NOTES|LINK|COMPONENT|ROLE|FUNCTIONALITY)$|(?:PARAMETER|FORWARDHELP\w+|REMOTEHELPRUNSPACE|EXTERNALHELP|LINK)\s+\S+$)/i;
/** Behind one of these, until the next tag, nothing is said to a reader. */
const exampleTag = /^(?:@example\b|\.(?:EXAMPLE|LINK)\b)/i;
/** What an example in Go must print: all that is behind it in its comment. */
const exampleOutput = /^(?:unordered )?output:/i;
const nothing = /(?!)/;
/** A key of YAML alone in its line, and what may stand below it, further in. */
const blockKey = /^(?:- )?["']?[a-z][\w./-]*["']?:$/;
const belowBlockKey = /^(?:- )?["']?[\w./-]+["']?:(?:$|\s+(?:\S+|["'[{].*)(?:\s+#.*)?$)|^- \S+$/;
/** Languages whose docstrings are Markdown. */
const markdownDocstrings = new Set(['elixir', 'julia']);
/** `0xxxxxxx` is none. */
const words =
  /(?<![\p{L}\p{N}_])(?:\p{L}{2,}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])(?![\p{N}_])/u;
/** A name with its address. */
const person = /^\p{Lu}[\p{L}.'-]*(?: [\p{L}.'-]+){0,4},? <[^<>@\s]+@[^<>\s]+>$/u;
/** What rustdoc's readers, and clippy, look for. */
const rustHeading = /^#{1,6} (?:Examples?|Panics?|Errors?|Safety|Implementation Safety|Aborts)$/;
/** A block of reStructuredText whose text is for a program. */
const directive =
  /^\.\. (?!(?:note|warning|tip|important|caution|danger|attention|hint|error|deprecated|versionadded|versionchanged|seealso|todo|topic|admonition|rubric)::)[a-zA-Z][\w:-]*::(?:\s|$)/;
const listOfNames = /^[\w.]*\w(?:, [\w.]*\w)*,?$/;
/** A comment in an example of code. */
const commentInCode = /^(?:#|\/\/|--) /;
const credit =
  /^(?:\(c\) |authors?|maintainers?|contributors?|copyright|created by|written by|e-?mail)(?:\b|(?<=\s))/i;

/** What is known of the document that a comment stands in. */
export interface Surroundings {
  /** It stands before the first code of its file, where licences are. */
  readonly isLeading?: boolean;
  /** Some languages have tags and tools of their own. */
  readonly languageId?: string | undefined;
}

/** The units of a comment. */
export function unitsOf(comment: Comment, { isLeading = false, languageId }: Surroundings): Unit[] {
  const contents = comment.lines.map((line) =>
    isCodeOfPod(comment, line) ? '' : line.content.slice(markOf(comment, line.content).length),
  );
  if (isWhollyCode(contents)) return contents.map((_, first): Unit => ({ kind: 'kept', first }));
  return new UnitReader(comment, isLeading || isLicenceBlock(comment), languageId).read();
}

/** Code in an example says nothing of the comment around it, nor does code below a sentence that speaks of it. */
function isWhollyCode(contents: readonly string[]): boolean {
  const outside = outsideExamples(contents);
  const first = outside.find((content) => /\p{L}/u.test(content));
  return isCommentedCode(outside) && !(first !== undefined && isPlainlyProse(first));
}

function outsideExamples(contents: readonly string[]): string[] {
  let end: RegExp | undefined;
  return contents.filter((content) => {
    if (end !== undefined) {
      if (end.test(content)) end = undefined;
      return false;
    }
    end = verbatim.find(([begins]) => begins.test(content))?.[1];
    if (end === undefined && doctest.test(content)) end = /^$/;
    return end === undefined;
  });
}

/** `/*! … *\/` and `@license` keep a licence in built files, wherever they stand. */
function isLicenceBlock({ lines, open }: Comment): boolean {
  return (
    lines.some(({ content }) => /^@(?:license|preserve|copyright)\b/.test(content)) ||
    (open === '/*' && /\/\*!\s*$/.test(lines[0]!.lead))
  );
}

class UnitReader {
  readonly #units: Unit[] = [];
  readonly #leads: readonly number[];
  readonly #least: number;
  /** Where signs end and indentation may begin. */
  readonly #leastLead: number;
  readonly #isDocstring: boolean;
  /** What ends the lines that stay. */
  #verbatimEnd: RegExp | undefined;
  /** Behind `@example`, until the next tag. */
  #isExample = false;
  /** Behind `::`, lines that are indented further than this. */
  #literal: number | undefined;
  /** Sections with underlines have begun. */
  #isNumpy = false;
  /** Results below a line of a doctest. */
  #isDoctest = false;
  /** Behind `Usage:`, lines that are indented further than this. */
  #usage: number | undefined;
  /** The section of a numpy docstring names what to see besides. */
  #isSeeAlso = false;
  /** The last unit's sentence may go on. */
  #isOpen = false;
  /** The lines of the paragraph that are part of a licence. */
  #licenceUpTo = -1;

  constructor(
    readonly comment: Comment,
    readonly isLeading: boolean,
    readonly languageId: string | undefined,
  ) {
    const { lines, open } = comment;
    this.#leads = lines.map(({ lead }) => lead.length);
    this.#least = lines.reduce(
      (sum, { content }, index) =>
        content === '' || this.#isOpeningLine(index) ? sum : Math.min(sum, this.#leads[index]!),
      Infinity,
    );
    this.#leastLead = Number.isFinite(this.#least) ? this.#least : 0;
    this.#isDocstring = /["']/.test(open);
  }

  read(): Unit[] {
    this.comment.lines.forEach(({ content }, index) => this.#readLine(content, index));
    return this.#units;
  }

  #readLine(written: string, index: number): void {
    const mark = markOf(this.comment, written);
    const content = written.slice(mark.length);
    if (this.#stays(content, index)) {
      this.#units.push({ kind: 'kept', first: index });
      this.#isOpen = false;
      return;
    }
    const own = mark + this.#headOf(content, index);
    const last = this.#units.at(-1);
    if (own === '' && last?.kind === 'prose' && this.#goesOn(index) && !this.#breaksEarly(index)) {
      const text = last.text + joint(this.comment.lines[index - 1]!.content, content) + content;
      this.#units[this.#units.length - 1] = { ...last, count: last.count + 1, text };
      if (content.endsWith('::')) this.#literal = this.#leads[index]!;
      return;
    }
    const behind = written.slice(own.length);
    const isTitled = /^[-=*#~_/+.<>]{3,}\s/.test(own);
    const tail = isTitled ? (rulerAtEnd.exec(behind.slice(-200))?.[0] ?? '') : '';
    const text = behind.slice(0, behind.length - tail.length);
    const hasWords = words.test(text);
    this.#units.push(
      hasWords
        ? { kind: 'prose', first: index, count: 1, head: own, text, tail }
        : { kind: 'kept', first: index },
    );
    this.#isOpen = hasWords && !own.startsWith('#') && !isTitled && !content.endsWith('::');
    if (content.endsWith('::')) this.#literal = this.#leads[index]!;
  }

  /** Whether a line is no prose. */
  #stays(content: string, index: number): boolean {
    if (this.#isVerbatim(content, index) || this.#isCommandLine(content, index)) return true;
    const isHelp = this.languageId === 'powershell' && helpKeyword.test(content);
    if (content.startsWith('@') || isHelp) this.#isExample = exampleTag.test(content);
    if (this.#isExample || isHelp || !/\p{L}/u.test(content)) return true;
    if (isForTools(content, this.#contextOf(index))) return true;
    if (onlyTags.test(content) || drawing.test(content) || isOnlyTemplate(content)) return true;
    if (isCodeOfPod(this.comment, this.comment.lines[index]!)) return true;
    if (person.test(content) || (rustHeading.test(content) && this.comment.open.startsWith('/'))) return true;
    if (nameAlone.test(content) && !(this.#isOpen && this.#goesOn(index))) return true;
    if (tableRow.test(content) || this.#isExampleByIndentation(content, index)) return true;
    if (this.#isPartOfLicence(content, index)) return true;
    if (section.test(content) && underline.test(this.#contentAt(index + 1))) {
      this.#isNumpy = this.#isDocstring;
      this.#isSeeAlso = this.#isNumpy && content === 'See Also';
      return true;
    }
    if (this.#isSeeAlso && listOfNames.test(content) && !(this.#isOpen && this.#goesOn(index))) return true;
    // A type, or a name with its type, above what is said of it.
    const isNaming = this.#isNumpy && !this.#isSeeAlso;
    if (isNaming && this.#contentAt(index + 1) !== '' && this.#leads[index + 1]! > this.#leads[index]!)
      return true;
    if (this.#isDocstring && section.test(content)) return true;
    if (this.#isDocstring && !this.#isSeeAlso && numpyName.test(content)) return true;
    const isIndented = !this.#isOpeningLine(index) && this.#leads[index]! > this.#least;
    if (isIndented && (codePattern.test(content) || this.#isCommentInCode(content, index))) return true;
    return this.#isOpen && this.#goesOn(index) ? this.#isCodeBelow(content, index) : this.#isCode(content);
  }

  #isVerbatim(content: string, index: number): boolean {
    if (this.#verbatimEnd !== undefined) {
      if (this.#verbatimEnd.test(content)) this.#verbatimEnd = undefined;
      return true;
    }
    if (directive.test(content) || this.#isBlockKey(content, index)) {
      this.#literal = this.#leads[index]!;
      return true;
    }
    const end = this.#isExampleOutput(content)
      ? nothing
      : verbatim.find(([begins]) => begins.test(content))?.[1];
    if (end !== undefined) {
      // What begins and ends in one line is text with some code in it.
      this.#verbatimEnd = end;
      return true;
    }
    if (this.#literal !== undefined && content !== '' && !this.#isOpeningLine(index)) {
      if (this.#leads[index]! > this.#literal) return true;
      this.#literal = undefined;
    }
    if (doctest.test(content)) this.#isDoctest = true;
    else if (content === '') this.#isDoctest = false;
    return this.#isDoctest;
  }

  /** In the body of a function alone: above it, “Output: …” tells what the function writes. */
  #isExampleOutput(content: string): boolean {
    if (this.languageId !== 'go' || this.comment.indentation === '') return false;
    const [sign] = exampleOutput.exec(content) ?? [];
    // A field that is called so is told of in a sentence.
    return sign !== undefined && !isPlainlyProse(content.slice(sign.length).trim());
  }

  /** Settings that were commented out: a key, and what belongs to it further in. */
  #isBlockKey(content: string, index: number): boolean {
    if (this.#isDocstring || !blockKey.test(content) || this.#isOpeningLine(index)) return false;
    if (!belowBlockKey.test(this.#contentAt(index + 1))) return false;
    let below = index + 1;
    while (below <= index + mostLinesBelow && this.#leads[below]! > this.#leads[index]!)
      if (isPlainlyProse(this.#contentAt(below++))) return false;
    return below > index + 1;
  }

  #isCommandLine(content: string, index: number): boolean {
    const lead = this.#leads[index]!;
    if (content === '' || (this.#usage !== undefined && lead <= this.#usage)) this.#usage = undefined;
    const isBelow = this.#usage !== undefined && !/^\p{Lu}\p{Ll}|\p{Ll}\.$/u.test(content);
    const isOne = isBelow || isSynopsis(content);
    if (isUsageLabel(content) || (isOne && this.#usage === undefined)) this.#usage = lead;
    return isOne;
  }

  /** Beside a line of code that is indented as much. */
  #isCommentInCode(content: string, index: number): boolean {
    if (!commentInCode.test(content)) return false;
    return [index - 1, index + 1].some(
      (at) => this.#leads[at] === this.#leads[index] && isCodeLine(this.#contentAt(at)),
    );
  }

  /** Code below a sentence that has no end: the rest of its paragraph, of more than a line. */
  #isCodeBelow(content: string, index: number): boolean {
    if (!isCodeLine(content)) return false;
    if (isPlainlyCode(content)) return true;
    const below = this.comment.lines.slice(index, index + mostLinesBelow).map((line) => line.content);
    const end = below.indexOf('');
    const rest = end < 0 ? below : below.slice(0, end);
    return rest.length > 1 && isCommentedCode(rest);
  }

  /** Behind a blank line and further in than the rest: code, as in Go's and in Markdown's documentation. */
  #isExampleByIndentation(content: string, index: number): boolean {
    if (this.#isOpeningLine(index)) return false;
    if (this.#isDocstring && !markdownDocstrings.has(this.languageId ?? '')) return false;
    const said = this.#units.findLast((unit) => unit.kind === 'prose');
    const from = said === undefined ? Infinity : this.#indentationOf(said.first);
    if (this.#indentationOf(index) < from + exampleIndentation) return false;
    const above = this.#contentAt(index - 1);
    const isBehind =
      above === '' || (this.#units.at(-1)?.kind === 'kept' && this.#indentationOf(index - 1) > from);
    return isBehind && headOf(content, this.#contextOf(index)) === '' && !wholeSentence.test(content);
  }

  /** Columns before a line's text; a tab goes on to the next eighth. */
  #indentationOf(index: number): number {
    const lead = this.comment.lines[index]?.lead ?? '';
    const tabs = lead.slice(this.#leastLead).match(/\t/g)?.length ?? 0;
    return lead.length + 7 * tabs;
  }

  /**
   * Whether a line is no part of the sentence above it, however it is indented: it begins as sentences begin, or the line
   * above is a label, or ends long before its paragraph's width and this one begins like something of its own: a list without signs.
   */
  #breaksEarly(index: number): boolean {
    const { lines } = this.comment;
    const [above, content] = [lines[index - 1]!, lines[index]!.content];
    if (beginsSentence.test(content) && /[\p{L}\p{N})]$/u.test(above.content)) return true;
    if (label.test(above.content)) return true;
    if (!/^\p{Lu}/u.test(content) || /[.!?。！？,;(–—-]$/.test(above.content)) return false;
    const width = lines.reduce(
      (most, line) => Math.max(most, line.lead.length + line.content.length),
      narrow,
    );
    const next = /^\S*/.exec(content)![0];
    return above.lead.length + above.content.length + 1 + next.length < 0.7 * width;
  }

  /** Of a leading comment: whether the paragraph that the line is in speaks of rights. */
  #isPartOfLicence(content: string, index: number): boolean {
    if (!this.isLeading) return false;
    if (index <= this.#licenceUpTo || credit.test(content)) return true;
    const { lines } = this.comment;
    if (index > 0 && lines[index - 1]!.content !== '' && this.#units.at(-1)?.kind === 'prose') return false;
    let last = index;
    while (last + 1 < lines.length && /[\p{L}\p{N}]/u.test(lines[last + 1]!.content)) last++;
    const paragraph = lines
      .slice(index, last + 1)
      .map((line) => line.content)
      .join(' ');
    if (!isLicence(paragraph)) return false;
    this.#licenceUpTo = last;
    return true;
  }

  /** In a documented example, or among sentences. */
  #isCode(content: string): boolean {
    const last = this.#units.at(-1);
    const isBehindCode = last?.kind === 'kept' && last.first > 0 && isCodeLine(this.#contentAt(last.first));
    if (!isCodeLine(content)) return false;
    return isBehindCode || isPlainlyCode(content) || isCommentedCode([content, this.#nextContent(last)]);
  }

  #contentAt(index: number): string {
    return this.comment.lines[index]?.content ?? '';
  }

  #nextContent(last: Unit | undefined): string {
    const at = last === undefined ? 0 : last.first + (last.kind === 'prose' ? last.count : 1);
    return this.#contentAt(at + 1);
  }

  #headOf(content: string, index: number): string {
    const isIndented = !this.#isOpeningLine(index) && this.#leads[index]! > this.#least;
    if (this.#isSeeAlso && seenName.test(content)) return seenName.exec(content)![0];
    const general = headOf(content, this.#contextOf(index));
    return general === '' && isIndented ? (namePattern.exec(content)?.[0] ?? '') : general;
  }

  #contextOf(index: number): LineContext {
    return { languageId: this.languageId, lead: this.comment.lines[index]!.lead };
  }

  /** Whether a line goes on with the sentence above it, as far as its indentation tells. */
  #goesOn(index: number): boolean {
    const unit = this.#units.at(-1);
    if (!this.#isOpen || unit?.kind !== 'prose') return false;
    const deeper = this.#leads[index]! - this.#leads[index - 1]!;
    if (unit.count > 1) return deeper === 0;
    // A paragraph whose first line is indented.
    if (deeper < 0 && deeper >= -8 && !/[.!?:。！？]$/.test(unit.text))
      return /^[\p{Ll}\p{N}]/u.test(this.#contentAt(index));
    if (this.#isOpeningLine(unit.first)) return true;
    return deeper === 0 || (deeper > 0 && !unit.text.endsWith(':'));
  }

  /** The line that a block's opening sign is in. */
  #isOpeningLine(index: number): boolean {
    return index === 0 && this.comment.signs.close !== '';
  }
}

/** `{{ x }}`, `${x}` alone are filled in by a program. */
function isOnlyTemplate(content: string): boolean {
  return /^(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|<%[^%]*%>|\s)+$/.test(content);
}
