/** The table of docs/prose.md: in which languages the tests' files have what, and what becomes of it. */
import type { ProsePassage } from '../../../extension/prose/passage';

export interface ReadFile {
  readonly file: string;
  readonly language: string;
  readonly source: string;
  readonly passages: readonly ProsePassage[];
  /** Comments that are code. */
  readonly commentedCode: number;
}

/** As people call the languages that are read. */
const names: Readonly<Record<string, string>> = {
  typescript: 'TypeScript',
  typescriptreact: 'TSX',
  javascript: 'JavaScript',
  python: 'Python',
  java: 'Java',
  c: 'C',
  cpp: 'C++',
  csharp: 'C#',
  go: 'Go',
  rust: 'Rust',
  ruby: 'Ruby',
  php: 'PHP',
  shellscript: 'Shell',
  html: 'HTML',
  css: 'CSS',
  yaml: 'YAML',
  sql: 'SQL',
  lua: 'Lua',
  swift: 'Swift',
  markdown: 'Markdown',
  dockerfile: 'Dockerfile',
  elixir: 'Elixir',
  haskell: 'Haskell',
  perl: 'Perl',
  powershell: 'PowerShell',
  r: 'R',
  xml: 'XML',
  'git-commit': 'Commit messages',
};
const byEnding: Readonly<Record<string, string>> = {
  kt: 'Kotlin',
  toml: 'TOML',
  mdx: 'MDX',
  vue: 'Vue',
  txt: 'Plain text',
};

/** What a passage is, from what stands before it and what it holds. */
const columns: readonly (readonly [
  title: string,
  holds: (file: ReadFile, passage: ProsePassage) => boolean,
])[] = [
  ['line comments', (file, passage) => passage.kind === 'comment' && isAfter(lineSign, file, passage)],
  ['block comments', (file, passage) => passage.kind === 'comment' && isAfter(blockSign, file, passage)],
  ['docstrings', (file, passage) => passage.kind === 'comment' && isAfter(quote, file, passage)],
  ['several lines', (file, { kind, span }) => kind === 'comment' && inSource(file, span).includes('\n')],
  ['tags stay', (file, passage) => passage.kind === 'comment' && tag.test(inSource(file, passage.span))],
  ['names stay', (_, { kind, keep }) => kind === 'comment' && keep.length > 0],
  ['strings', (_, { kind }) => kind === 'string'],
  ['markup', (_, { kind }) => kind === 'markup'],
  ['text', (_, { kind }) => kind === 'text'],
];
/** A passage begins behind the sign of its comment. */
const lineSign = /(?:\/\/[/!]*<?|(?<!<)#+'?|(?<!<!)--+(?: [|^])?|;+|%+)[ \t]*$/;
const blockSign = /(?:\/\*+!?<?|<!--|--\[=*\[|=[a-z]+\d*|\{#|\{-|<#)[ \t]*$/;
const quote = /(?<!#)["'][ \t]*$/;
const tag =
  /(?:^|[\s*/])(?:[@\\](?:param|returns?|type|property|deprecated|brief|throws)\b|:param |<(?:param|summary|returns)\b|- Parameters?\b|Parameters\n)/;

function inSource({ source }: ReadFile, { start, end }: ProsePassage['span']): string {
  return source.slice(start, end);
}

function isAfter(sign: RegExp, { source }: ReadFile, { span }: ProsePassage): boolean {
  return sign.test(source.slice(Math.max(0, span.start - 60), span.start));
}

/** A row a language: ● where the files have it and it is found. */
export function foundTable(files: readonly ReadFile[]): string {
  const rows = new Map<string, ReadFile[]>();
  for (const file of files) {
    const name = names[file.language] ?? byEnding[file.file.split('.').at(-1)!] ?? file.language;
    rows.set(name, [...(rows.get(name) ?? []), file]);
  }
  const body = [...rows].map(([name, of]) => [
    name,
    ...columns.map(([, holds]) =>
      of.some((file) => file.passages.some((passage) => holds(file, passage))) ? '●' : '',
    ),
    of.some(({ commentedCode }) => commentedCode > 0) ? '●' : '',
    String(of.reduce((sum, { passages }) => sum + passages.length, 0)),
  ]);
  const head = ['language', ...columns.map(([title]) => title), 'commented-out code stays', 'passages'];
  const width = head.map((title, at) => Math.max(title.length, ...body.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(width[at]!)).join(' | ')} |`;
  return [line(head), line(width.map((of) => '-'.repeat(of))), ...body.map(line)].join('\n');
}
