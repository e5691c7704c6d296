/** Texts to count spans in: comments of the packages that the project uses and of Python, lines of test sets, made ones. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { proseOfComment } from '../../extension/prose/commentProse';
import { commentsFrom } from '../../extension/prose/comments';
import { knownNames, namesInProse } from '../../extension/prose/namesInProse';
import { codeNames } from '../../extension/prose/reading/codeNames';
import type { CommentRules } from '../../extension/prose/reading/commentSigns';
import { TextLines } from '../../extension/prose/reading/lines';
import { regionsBySigns } from '../../extension/prose/reading/regionsBySigns';
import { spanKinds, spansOf, type SpanKind } from './spanKinds';

export interface SpanText {
  readonly text: string;
  readonly keep: readonly string[];
}

const kinds = Object.keys(spanKinds) as SpanKind[];
const hasSpans = ({ text }: SpanText): boolean => kinds.some((kind) => spansOf(text, kind).length > 0);
const c: CommentRules = { line: '//', block: ['/*', '*/'] };
const python: CommentRules = { line: '#', block: ['"""', '"""'] };
const languages: Readonly<Partial<Record<string, [id: string, rules: CommentRules]>>> = {
  '.ts': ['typescript', c],
  '.mjs': ['javascript', c],
  '.js': ['javascript', c],
  '.h': ['c', c],
  '.hpp': ['cpp', c],
  '.py': ['python', python],
};

/** Texts of comments that hold spans, `most` of them, spread over the files of some folders. */
export function commentTexts(folders: readonly string[], most: number): SpanText[] {
  const files = folders.filter((folder) => existsSync(folder)).flatMap(filesIn);
  // Other files than a walk from the beginning would take, and the same ones each time.
  const spread = files.map((file, index) => ({ file, key: (index * 7919) % 104_729 }));
  const found = new Map<string, SpanText>();
  for (const { file } of spread.sort((a, b) => a.key - b.key)) {
    for (const text of textsOf(file).filter(hasSpans).slice(0, 8)) found.set(text.text, text);
    if (found.size >= most) break;
  }
  return [...found.values()].slice(0, most);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => languages[path.extname(name)] !== undefined && !/\.min\./.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

function textsOf(file: string): SpanText[] {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch {
    // A folder of that name, or a link to nothing.
    return [];
  }
  if (source.length > 300_000) return [];
  const [id, rules] = languages[path.extname(file)]!;
  const lines = new TextLines(source);
  const names = knownNames(codeNames(source, id, rules));
  return commentsFrom(lines, regionsBySigns(lines, rules))
    .map((comment) => proseOfComment(comment, { isLeading: comment.first < 5 }).text)
    .filter((text) => text.length > 12 && text.length < 600)
    .map((text) => ({ text, keep: namesInProse(text, names) }));
}

/** Lines with spans, of tab-separated test sets: of the column, `most` a file. */
export function lineTexts(files: readonly string[], column: number, most: number): SpanText[] {
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) =>
      gunzipSync(readFileSync(file))
        .toString('utf8')
        .split('\n')
        .flatMap((line) => {
          const text = line.split('\t')[column]?.trim() ?? '';
          return text === '' ? [] : [{ text, keep: [] }];
        })
        .filter(hasSpans)
        .slice(0, most),
    );
}

const examples: Readonly<Record<SpanKind, readonly string[]>> = {
  url: ['https://example.com/a?b=c#d', 'http://localhost:8080/', 'https://example.org/~user/x.html'],
  email: ['jane.doe@example.org', 'a+b@sub.example.com'],
  path: ['/usr/share/doc', './src/main.c', '~/.config/app/settings.json', '../lib/x'],
  option: ['--long', '-x', '--no-color', '--dry-run'],
  code: ['`let x = 1`', '`npm run build`'],
  placeholder: ['%s', '%1$s', '{0}', '${name}'],
  call: ['flush()', 'page.open()'],
  camelCase: ['maxLength', 'FileReader'],
  snakeCase: ['page_size', 'MAX_PATH'],
  version: ['1.2.3', 'v20.11.1', '2.0.0-rc.1', 'v2'],
  quantity: ['10 ms', '64 kB', '1.5 GHz', '512MB', '16px', '20 °C', '95 %', '50%'],
  integer: ['11111', '9999', '65536'],
  emoji: ['🚀', '⚠️', '👩‍💻', '👍🏽', '✅', '❤️'],
  mention: ['@octocat', '@jane-doe', '@param'],
  issue: ['#123', '#4', 'GH-77'],
};
const sentences: Readonly<Record<'en' | 'de', readonly string[]>> = {
  en: [
    'The value of # is wrong.',
    'See # and # for more information.',
    'Use # instead (the default is #).',
    '# must not be empty, unless # is set.',
    'This was changed with #: nothing else is needed.',
    'Note: # was removed; thanks to # for the report.',
  ],
  de: [
    'Der Wert von # ist falsch.',
    'Weitere Informationen stehen in # und #.',
    'Stattdessen ist # zu verwenden (Vorgabe: #).',
    '# darf nicht leer sein, außer wenn # gesetzt ist.',
    'Mit # wurde das geändert: Mehr ist nicht nötig.',
    'Hinweis: # wurde entfernt; danke an # für die Meldung.',
  ],
};

/** Every example in every sentence. */
export function madeTexts(language: 'en' | 'de'): SpanText[] {
  const all = kinds.flatMap((kind) => examples[kind]);
  return sentences[language].flatMap((sentence, at) =>
    all.map((example, index) => {
      const others = [example, all[(index + 7 * at + 5) % all.length]!];
      return { text: sentence.replace(/#/g, () => others.shift()!), keep: [] };
    }),
  );
}
