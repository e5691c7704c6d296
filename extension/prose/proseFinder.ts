/**
 * The room's door: what of a document is prose, at a position, in a range or in all of it.
 */
import type { Position, TextDocument } from 'vscode';
import { extensions, Range, workspace } from 'vscode';
import { DisposableStore, type Disposable } from '../disposable';
import { commentPassage } from './commentPassage';
import { commentRulesOf, watchExtensions } from './commentRules';
import { commentsFrom, partOfComment, type Comment } from './comments';
import { commitParagraphs } from './commitMessage';
import { holdsSettings, isProseLanguage, languageOf, readsLike } from './languageOf';
import { lineRulesOf, type LineRules } from './lightMarkup';
import { markupPassage, partOfBlock } from './markupPassage';
import { knownNames, namesInProse, type KnownNames } from './namesInProse';
import type { ProseKind, ProsePassage } from './passage';
import { paragraphsOf } from './plainText';
import type { Span } from './prose';
import type { Lines } from './reading/lines';
import type { CommentRegion } from './reading/regions';
import type { ReadReply, ReadRequest } from './reading/textReader';
import { Snapshot } from './snapshot';
import { partOfString, stringPassage } from './stringPassage';
import { isProseBlock } from './stringProse';
import { isUnderlined, withUnderline } from './underlined';

/** What reads texts: a thread of its own. */
export interface Reader {
  /** @throws the signal's reason when it aborts */
  read(request: ReadRequest, signal?: AbortSignal): Promise<ReadReply>;
  /** A document is closed. */
  forget(document: string): unknown;
  /** Its grammars have changed. */
  end(): void;
}

export interface FindOptions {
  /** Only passages that touch it; each comes whole. */
  readonly range?: Range | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between two looks at the event loop. */
const sliceMs = 8;

/** Makes a passage, or of one that a range cuts the part in it. */
type Maker = (isPart: boolean) => ProsePassage | undefined;

/** What is looked for, and where. */
interface Asked {
  readonly snapshot: Snapshot;
  readonly languageId: string;
  readonly kinds: ReadonlySet<ProseKind>;
  readonly range: Range | undefined;
  /** The range's lines, and its offsets; without one, those of the whole document. */
  readonly between: { readonly first: number; readonly last: number };
  readonly span: Span;
}

/** What was last read of a document. */
interface Known {
  readonly version: number;
  readonly languageId: string;
  readonly strings: boolean;
  readonly reply: ReadReply;
  readonly names: KnownNames;
}

/** Finds prose. One for all documents; keeps what it has read of each, as long as that is open. */
export class ProseFinder implements Disposable {
  readonly #reader: Reader;
  readonly #known = new WeakMap<TextDocument, Known>();
  readonly #snapshots = new WeakMap<TextDocument, Snapshot>();
  readonly #subscriptions = new DisposableStore();

  constructor(reader: Reader) {
    this.#reader = reader;
    this.#subscriptions.add(watchExtensions());
    this.#subscriptions.add(extensions.onDidChange(() => reader.end()));
    this.#subscriptions.add(
      workspace.onDidCloseTextDocument((document) => {
        this.#known.delete(document);
        reader.forget(document.uri.toString());
      }),
    );
  }

  /**
   * The passage that a position lies in or at the border of; undefined where there is none of these kinds.
   *
   * @throws an AbortError when cancelled
   */
  async passageAt(
    document: TextDocument,
    position: Position,
    kinds: ReadonlySet<ProseKind>,
    signal?: AbortSignal,
  ): Promise<ProsePassage | undefined> {
    const range = new Range(position, position);
    return (await this.passagesIn(document, kinds, { range, signal }))[0];
  }

  /**
   * The passages of these kinds, in the document's order; none overlaps another. They are those of the document's
   * version at the moment when the promise settles.
   *
   * @throws an AbortError when cancelled
   */
  async passagesIn(
    document: TextDocument,
    kinds: ReadonlySet<ProseKind>,
    { range, signal }: FindOptions = {},
  ): Promise<ProsePassage[]> {
    for (;;) {
      signal?.throwIfAborted();
      const snapshot = this.#snapshotOf(document);
      const passages = await this.#find(snapshot, kinds, { range, signal });
      signal?.throwIfAborted();
      // The person may type meanwhile; what was read is read on from there.
      if (snapshot.isCurrent) return passages;
    }
  }

  /** Whether a document is written for a program, so that a line of it that is no passage is code. */
  async isCode(document: TextDocument): Promise<boolean> {
    const languageId = languageOf(document);
    if (isProseLanguage(languageId)) return false;
    return (await this.#read(this.#snapshotOf(document), languageId, new Set(), 0, undefined)).reply.isKnown;
  }

  /** What a range holds of the passages that it touches: those that lie in it whole, and of others the part in it. */
  async partsIn(
    document: TextDocument,
    kinds: ReadonlySet<ProseKind>,
    range: Range,
  ): Promise<ProsePassage[]> {
    return this.#find(this.#snapshotOf(document), kinds, { range, cut: true });
  }

  /** What a range holds of the string that it lies in, quotation marks and all; undefined where there is none. */
  async partOfString(document: TextDocument, { start, end }: Range): Promise<ProsePassage | undefined> {
    const languageId = languageOf(document);
    if (isProseLanguage(languageId)) return undefined;
    const snapshot = this.#snapshotOf(document);
    const { reply } = await this.#read(snapshot, languageId, new Set(['string']), end.line, undefined);
    const span = { start: snapshot.offsetOf(start), end: snapshot.offsetOf(end) };
    const region = reply.strings.find(
      (string) =>
        string.start - string.open.length <= span.start && span.end <= string.end + string.close.length,
    );
    return region && partOfString({ snapshot, region, languageId }, span);
  }

  /** Of a text that is part of a document's comments: what in it names what the document's code names. */
  async namesIn(document: TextDocument, text: string): Promise<string[]> {
    const languageId = languageOf(document);
    if (isProseLanguage(languageId)) return [];
    const { names } = await this.#read(this.#snapshotOf(document), languageId, new Set(), 0, undefined);
    return namesInProse(text, names);
  }

  /** Whether a line of a document holds a comment, even one without words. */
  async isComment(document: TextDocument, { line }: Position): Promise<boolean> {
    const languageId = languageOf(document);
    if (isProseLanguage(languageId)) return false;
    const { reply } = await this.#read(this.#snapshotOf(document), languageId, new Set(), line, undefined);
    return reply.comments.some(({ first, last }) => first <= line && line <= last);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Several readings of a version share its text. */
  #snapshotOf(document: TextDocument): Snapshot {
    const known = this.#snapshots.get(document);
    if (known?.isCurrent === true) return known;
    const snapshot = new Snapshot(document);
    this.#snapshots.set(document, snapshot);
    return snapshot;
  }

  async #find(
    snapshot: Snapshot,
    kinds: ReadonlySet<ProseKind>,
    { range, signal, cut = false }: FindOptions & { readonly cut?: boolean },
  ): Promise<ProsePassage[]> {
    const languageId = languageOf(snapshot.document);
    const asked: Asked = {
      ...{ snapshot, languageId, kinds, range },
      between: { first: range?.start.line ?? 0, last: range?.end.line ?? snapshot.count - 1 },
      span:
        range === undefined
          ? { start: 0, end: snapshot.text.length }
          : { start: snapshot.offsetOf(range.start), end: snapshot.offsetOf(range.end) },
    };
    const makers = isProseLanguage(languageId)
      ? textMakers(asked)
      : codeMakers(asked, await this.#read(snapshot, languageId, kinds, asked.between.last, signal));
    const { span } = asked;
    const made = await this.#make(cut ? makers.map((make) => cutting(make, span)) : makers, signal);
    return inOrder(made, span);
  }

  async #read(
    snapshot: Snapshot,
    languageId: string,
    kinds: ReadonlySet<ProseKind>,
    line: number,
    signal: AbortSignal | undefined,
  ): Promise<Known> {
    const { document, version, text } = snapshot;
    const strings = kinds.has('string');
    const known = this.#known.get(document);
    if (
      known?.version === version &&
      known.languageId === languageId &&
      known.reply.lines > line &&
      (known.strings || !strings)
    )
      return known;
    const rules = await commentRulesOf(languageId);
    const request = {
      document: document.uri.toString(),
      text,
      languageId: readsLike(languageId),
      rules,
      line,
      strings,
    };
    const reply = await this.#reader.read(request, signal);
    const read = { version, languageId, strings, reply, names: knownNames(reply.names) };
    this.#known.set(document, read);
    return read;
  }

  /** Makes passages, with pauses: a large file has thousands. */
  async #make(makers: readonly Maker[], signal: AbortSignal | undefined): Promise<ProsePassage[]> {
    const passages: ProsePassage[] = [];
    let until = performance.now() + sliceMs;
    for (const make of makers) {
      const passage = make(false);
      if (passage !== undefined) passages.push(passage);
      if (performance.now() < until) continue;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      until = performance.now() + sliceMs;
    }
    return passages;
  }
}

/** The first line that is no comment. What begins a script, or PHP's code, is no code yet. */
function firstLineOfCode(lines: Lines, comments: readonly CommentRegion[]): number {
  let line = 0;
  let next = 0;
  while (line < lines.count) {
    const comment = comments[next];
    if (comment !== undefined && comment.first <= line) {
      line = Math.max(line, comment.last + 1);
      next++;
    } else if (
      /^\s*(?:#!.*|<\?(?:php|xml[^>]*>)?|<!doctype[^>]*>|---|['"]use strict['"];?)?\s*$/i.test(lines.at(line))
    ) {
      line++;
    } else break;
  }
  return line;
}

function touches(first: number, last: number, between: Asked['between']): boolean {
  return first <= between.last && between.first <= last;
}

function isBetween(snapshot: Snapshot, { start, end }: Span, between: Asked['between']): boolean {
  return touches(snapshot.lineAt(start), snapshot.lineAt(end), between);
}

function textMakers(asked: Asked): Maker[] {
  const { snapshot, languageId, kinds, between } = asked;
  if (!kinds.has('text')) return [];
  const rules = lineRulesOf(languageId, snapshot);
  const paragraphs =
    languageId === 'git-commit'
      ? commitParagraphs(snapshot)
      : paragraphsOf(snapshot, { around: between, rules });
  return paragraphs
    .filter(({ first, lines }) => touches(first, first + lines.length - 1, between))
    .map((paragraph) => (isPart) => {
      const own = isPart ? partOf(paragraph, asked) : paragraph;
      const passage = own && commentPassage(snapshot, own, { kind: 'text' });
      return passage && withOwnUnderline(snapshot, passage, rules);
    });
}

function withOwnUnderline(
  snapshot: Snapshot,
  passage: ProsePassage,
  { underlining }: LineRules,
): ProsePassage {
  const line = snapshot.lineAt(passage.span.start);
  return underlining !== undefined && isUnderlined(snapshot, line, underlining)
    ? withUnderline(snapshot, passage, underlining)
    : passage;
}

function codeMakers(asked: Asked, known: Known): Maker[] {
  const { kinds } = asked;
  return [
    ...(kinds.has('comment') ? commentMakers(asked, known) : []),
    ...(kinds.has('string') ? stringMakers(asked, known) : []),
    ...(kinds.has('markup') ? markupMakers(asked, known) : []),
  ];
}

function commentMakers(asked: Asked, { reply, names }: Known): Maker[] {
  const { snapshot, languageId, between } = asked;
  const firstCode = firstLineOfCode(snapshot, reply.comments);
  return commentsFrom(snapshot, reply.comments, between).map((comment) => (isPart) => {
    const own = isPart ? partOf(comment, asked) : comment;
    // Who selects a part of a licence means it.
    const isLeading = !isPart && comment.first < firstCode;
    return own && commentPassage(snapshot, own, { kind: 'comment', isLeading, languageId, names });
  });
}

function stringMakers({ snapshot, languageId, between, span }: Asked, { reply }: Known): Maker[] {
  return reply.strings
    .filter((region) => isBetween(snapshot, region, between))
    .map((region) => (isPart) => {
      const string = { snapshot, region, languageId };
      return isPart ? partOfString(string, span) : stringPassage(string);
    });
}

function markupMakers({ snapshot, languageId, between, span }: Asked, { reply }: Known): Maker[] {
  return reply.blocks
    .filter((block) => isBetween(snapshot, block, between))
    .filter((block) => !holdsSettings(languageId) || isProseBlock(snapshot.text, block))
    .map((block) => (isPart) => {
      const own = isPart ? partOfBlock(snapshot.text, block, span) : block;
      return own && markupPassage(snapshot, own);
    });
}

function partOf(comment: Comment, { range }: Asked): Comment | undefined {
  return range === undefined ? comment : partOfComment(comment, range.start, range.end);
}

/** Makes what lies in a span whole, or else its part in it. */
function cutting(make: Maker, { start, end }: Span): Maker {
  return () => {
    const whole = make(false);
    return whole === undefined || (start <= whole.span.start && whole.span.end <= end) ? whole : make(true);
  };
}

/** Those that touch a span by their places; of two that overlap, as a comment within a text of markup, the first stays. */
function inOrder(passages: ProsePassage[], { start, end }: Span): ProsePassage[] {
  let reached = -1;
  return passages
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .filter(({ span }) => {
      if (span.start > end || span.end < start || span.start < reached) return false;
      reached = span.end;
      return true;
    });
}
