/**
 * The room's door: what of a document is prose, at a position, in a range or in all of it.
 */
import type { Position, TextDocument } from 'vscode';
import { extensions, Range, workspace } from 'vscode';
import { DisposableStore, type Disposable } from '../disposable';
import { commentPassage } from './commentPassage';
import { commentRulesOf, watchExtensions } from './commentRules';
import { commentsFrom, partOfComment } from './comments';
import { commitParagraphs } from './commitMessage';
import { isProseLanguage, languageOf, readsLike } from './languageOf';
import { markupPassage } from './markupPassage';
import { knownNames, namesInProse, type KnownNames } from './namesInProse';
import type { ProseKind, ProsePassage } from './passage';
import { paragraphsOf } from './plainText';
import type { Lines } from './reading/lines';
import type { CommentRegion } from './reading/regions';
import type { ReadReply, ReadRequest } from './reading/textReader';
import { Snapshot } from './snapshot';
import { stringPassage } from './stringPassage';

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
      const passages = await this.#find(snapshot, kinds, range, signal);
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

  /** What of the comments that a range touches it holds, without the signs of their lines; in order. */
  async partsOfComments(document: TextDocument, range: Range): Promise<ProsePassage[]> {
    const languageId = languageOf(document);
    if (isProseLanguage(languageId)) return [];
    const snapshot = this.#snapshotOf(document);
    const between = { first: range.start.line, last: range.end.line };
    const { reply, names } = await this.#read(snapshot, languageId, new Set(), between.last, undefined);
    return commentsFrom(snapshot, reply.comments, between).flatMap((comment) => {
      const part = partOfComment(comment, range.start, range.end);
      return (part && commentPassage(snapshot, part, { kind: 'comment', names })) ?? [];
    });
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
    range: Range | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ProsePassage[]> {
    const languageId = languageOf(snapshot.document);
    const between = { first: range?.start.line ?? 0, last: range?.end.line ?? snapshot.count - 1 };
    const makers: (() => ProsePassage | undefined)[] = [];
    if (isProseLanguage(languageId)) {
      if (!kinds.has('text')) return [];
      const paragraphs =
        languageId === 'git-commit'
          ? commitParagraphs(snapshot)
          : paragraphsOf(snapshot, { around: between });
      for (const paragraph of paragraphs)
        if (touches(paragraph.first, paragraph.first + paragraph.lines.length - 1, between))
          makers.push(() => commentPassage(snapshot, paragraph, { kind: 'text' }));
    } else {
      const { reply, names } = await this.#read(snapshot, languageId, kinds, between.last, signal);
      if (kinds.has('comment')) {
        const firstCode = firstLineOfCode(snapshot, reply.comments);
        for (const comment of commentsFrom(snapshot, reply.comments, between)) {
          const isLeading = comment.first < firstCode;
          makers.push(() => commentPassage(snapshot, comment, { kind: 'comment', isLeading, names }));
        }
      }
      const isBetween = (start: number, end: number): boolean =>
        touches(snapshot.lineAt(start), snapshot.lineAt(end), between);
      if (kinds.has('string')) {
        for (const string of reply.strings)
          if (isBetween(string.start, string.end))
            makers.push(() => stringPassage(snapshot, string, languageId));
      }
      if (kinds.has('markup')) {
        for (const block of reply.blocks)
          if (isBetween(block.start, block.end)) makers.push(() => markupPassage(snapshot, block));
      }
    }
    return inOrder(await this.#make(makers, signal), snapshot, range);
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
  async #make(
    makers: readonly (() => ProsePassage | undefined)[],
    signal: AbortSignal | undefined,
  ): Promise<ProsePassage[]> {
    const passages: ProsePassage[] = [];
    let until = performance.now() + sliceMs;
    for (const make of makers) {
      const passage = make();
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

function touches(first: number, last: number, between: { first: number; last: number }): boolean {
  return first <= between.last && between.first <= last;
}

/** By their places; of two that overlap, as a comment within a text of markup, the first stays. */
function inOrder(passages: ProsePassage[], snapshot: Snapshot, range: Range | undefined): ProsePassage[] {
  const start = range === undefined ? 0 : snapshot.offsetOf(range.start);
  const end = range === undefined ? snapshot.text.length : snapshot.offsetOf(range.end);
  let reached = -1;
  return passages
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .filter(({ span }) => {
      if (span.start > end || span.end < start || span.start < reached) return false;
      reached = span.end;
      return true;
    });
}
