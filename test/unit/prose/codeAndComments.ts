/**
 * Lines of code and comments of real sources, to measure how well commented-out code is told from comments. Code stands
 * for itself commented out.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { commentsFrom } from '../../../extension/prose/comments';
import { TextLines } from '../../../extension/prose/reading/lines';
import { isForTools } from '../../../extension/prose/toolComments';
import { testReader } from './testReader';

export interface Sample {
  readonly contents: readonly string[];
  readonly file: string;
}

export interface Samples {
  readonly code: readonly Sample[];
  readonly comments: readonly Sample[];
}

/** Files of a folder, at any depth. */
export function filesUnder(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = path.join(folder, name);
      if (statSync(file).isDirectory()) return filesUnder(file, pattern);
      return pattern.test(name) && !/\.min\./.test(name) ? [file] : [];
    });
}

/** One to six lines of code in a row, and the comments with words, of files of a language. */
export async function samplesOf(languageId: string, files: readonly string[]): Promise<Samples> {
  const reader = testReader();
  const code: Sample[] = [];
  const comments: Sample[] = [];
  for (const file of files) {
    const lines = new TextLines(readFileSync(file, 'utf8'));
    const { comments: regions } = await reader.read({
      document: file,
      text: lines.text,
      languageId,
      rules: {},
      line: lines.count,
      strings: false,
    });
    const found = commentsFrom(lines, regions);
    const commented = new Set<number>();
    for (const { first, lines: own, trailing } of found) {
      own.forEach((_, index) => commented.add(first + index));
      const contents = own.map(({ content }) => content);
      // What is left for other reasons says nothing.
      const isText = (content: string): boolean => /\p{L}{2}/u.test(content) && !isForTools(content);
      if (contents.some(isText) && !trailing) comments.push({ contents, file });
    }
    let run: string[] = [];
    // From one line to six, in turn.
    let length = 1;
    for (let line = 0; line < lines.count; line++) {
      const text = lines.at(line).trim();
      if (text === '' || commented.has(line)) run = [];
      else if (run.push(text) === length) {
        if (run.some((content) => /[\p{L}\p{N}]/u.test(content))) code.push({ contents: run, file });
        run = [];
        length = (length % 6) + 1;
      }
    }
  }
  return { code, comments };
}

/** Every so many-th, so that there are `count`. */
export function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, index) => all[Math.floor(index * step)]!);
}
