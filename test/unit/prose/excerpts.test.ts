/**
 * What is found in excerpts of well-known projects (test/fixtures/excerpts), place by place, and that a translation of
 * all of it changes no byte outside; and docs/prose.md's table of what is found in which language, made of these
 * excerpts and of the files in test/fixtures/prose.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commentsFrom } from '../../../extension/prose/comments';
import { isCommentedCode } from '../../../extension/prose/commentedCode';
import { languageOf } from '../../../extension/prose/languageOf';
import type { ProseKind, ProsePassage } from '../../../extension/prose/passage';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { TextLines } from '../../../extension/prose/reading/lines';
import { asDocument, FakeDocument, type FakeVscode } from '../extension/fakeVscode';
import { foundTable } from './foundTable';
import { testReader } from './testReader';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const vscode = (await import('vscode')) as unknown as FakeVscode;

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');
const excerpts = path.join(fixtures, 'excerpts');
const kinds: ReadonlySet<ProseKind> = new Set(['comment', 'string', 'markup', 'text']);
const reader = testReader();
const finder = new ProseFinder(reader);

/** VS Code's names of the languages, by the endings of files. */
const languages: Readonly<Record<string, string>> = {
  '.ts': 'typescript',
  '.js': 'javascript',
  '.py': 'python',
  '.java': 'java',
  '.h': 'c',
  '.cs': 'csharp',
  '.go': 'go',
  '.rs': 'rust',
  '.rb': 'ruby',
  '.php': 'php',
  '.sh': 'shellscript',
  '.html': 'html',
  '.css': 'css',
  '.yaml': 'yaml',
  '.sql': 'sql',
  '.lua': 'lua',
  '.swift': 'swift',
  '.md': 'markdown',
};
const languageOfFile = (file: string): string => {
  if (file === 'Dockerfile') return 'dockerfile';
  if (file === 'RunLoopObserver.h') return 'cpp';
  return languages[path.extname(file)] ?? 'plaintext';
};

const files = readdirSync(excerpts)
  .filter((file) => !['README.md', 'LICENSES.txt', 'expected.txt'].includes(file))
  .sort();

async function passagesOf(file: string, source: string, language: string): Promise<ProsePassage[]> {
  return finder.passagesIn(asDocument(new FakeDocument(vscode, source, language, `/${file}`)), kinds);
}

/** How many comments of a file are code. */
async function codeComments(file: string, source: string, language: string): Promise<number> {
  const languageId = languageOf(asDocument(new FakeDocument(vscode, source, language, `/${file}`)));
  const lines = new TextLines(source);
  const request = { document: '', text: source, languageId, rules: {}, line: lines.count, strings: false };
  const { comments } = await reader.texts.read(request, new AbortController().signal);
  return commentsFrom(lines, comments).filter((comment) =>
    isCommentedCode(comment.lines.map(({ content }) => content)),
  ).length;
}

/** `12:4-13:9 comment: its text`, lines and columns from 1; a further line of the text below it; what is kept. */
function described(source: string, { kind, span, text, keep }: ProsePassage): string {
  const place = (offset: number): string => {
    const before = source.slice(0, offset).split('\n');
    return `${before.length}:${before.at(-1)!.length + 1}`;
  };
  const kept = keep.length === 0 ? '' : `\n    keeps ${keep.join(' · ')}`;
  return `${place(span.start)}-${place(span.end)} ${kind}: ${text.replaceAll('\n', '\n    ')}${kept}`;
}

it('holds what was expected', async () => {
  const found: string[] = [];
  for (const file of files) {
    const source = readFileSync(path.join(excerpts, file), 'utf8');
    found.push(`=== ${file} (${languageOfFile(file)})`);
    for (const passage of await passagesOf(file, source, languageOfFile(file)))
      found.push(described(source, passage));
  }
  await expect(`${found.join('\n')}\n`).toMatchFileSnapshot(path.join(excerpts, 'expected.txt'));
});

describe.each(files)('%s', (file) => {
  it('keeps every byte outside, and what it is made of', async () => {
    const source = readFileSync(path.join(excerpts, file), 'utf8');
    for (const text of [source, source.replaceAll('\n', '\r\n')]) {
      const passages = await passagesOf(file, text, languageOfFile(file));
      let result = '';
      let place = 0;
      const rest: string[] = [];
      for (const passage of passages) {
        const { span, text: prose } = passage;
        expect(span.start).toBeGreaterThanOrEqual(place);
        expect(passage.fits(prose), prose).toBe(true);
        rest.push(text.slice(place, span.start));
        result += text.slice(place, span.start) + passage.fit(longer(prose));
        place = span.end;
      }
      rest.push(text.slice(place));
      result += text.slice(place);
      // What stands between the passages is found again, in its order.
      let from = 0;
      for (const part of rest) {
        const at = result.indexOf(part, from);
        expect(at, part).toBeGreaterThanOrEqual(from);
        from = at + part.length;
      }
      const again = await passagesOf(file, result, languageOfFile(file));
      expect(again.length).toBe(passages.length);
    }
  });
});

/** As many lines and the same words, and a few more, as a translation has. */
function longer(prose: string): string {
  return prose
    .split('\n')
    .map((line) => `${line} und noch einige weitere Wörter dazu`)
    .join('\n');
}

it('docs/prose.md has the table of what is found', async () => {
  const docs = path.resolve(import.meta.dirname, '../../../docs/prose.md');
  const expected = JSON.parse(readFileSync(path.join(fixtures, 'prose', 'expected.json'), 'utf8')) as Record<
    string,
    { language: string }
  >;
  const sources = [
    ...files.map((file) => ({ file, folder: 'excerpts', language: languageOfFile(file) })),
    ...Object.entries(expected).map(([file, { language }]) => ({ file, folder: 'prose', language })),
  ];
  const read = await Promise.all(
    sources.map(async ({ file, folder, language }) => {
      const source = readFileSync(path.join(fixtures, folder, file), 'utf8');
      const passages = await passagesOf(file, source, language);
      return { file, language, source, passages, commentedCode: await codeComments(file, source, language) };
    }),
  );
  const table = foundTable(read);
  const written = readFileSync(docs, 'utf8');
  const now = written.replace(
    /(<!-- found -->\n\n)[^]*?(\n\n<!-- end -->)/,
    (_, before: string, after: string) => before + table + after,
  );
  if (process.env['UPDATE_DOCS'] === '1') {
    writeFileSync(docs, now);
    return;
  }
  expect(
    written,
    'The table in docs/prose.md is out of date. UPDATE_DOCS=1 npx vitest run test/unit/prose/excerpts.test.ts writes it anew.',
  ).toContain(table);
});
