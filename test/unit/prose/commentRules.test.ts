import { beforeEach, describe, expect, it, vi } from 'vitest';
import { commentRulesOf, rulesIn, watchExtensions } from '../../../extension/prose/commentRules';

/** Extensions by the path of their folder, and what their files hold. */
const brought = vi.hoisted(() => ({
  packages: new Map<string, unknown>(),
  files: new Map<string, string>(),
  reads: [] as string[],
  changed: (): void => undefined,
}));
vi.mock('vscode', () => ({
  Uri: { joinPath: (folder: string, file: string) => `${folder}/${file}` },
  extensions: {
    get all() {
      return [...brought.packages].map(([extensionUri, packageJSON]) => ({
        extensionUri,
        packageJSON,
      }));
    },
    onDidChange: (listener: () => void) => {
      brought.changed = listener;
      return { dispose: () => undefined };
    },
  },
  workspace: {
    fs: {
      readFile: (path: string) => {
        brought.reads.push(path);
        const text = brought.files.get(path);
        return text === undefined
          ? Promise.reject(new Error('There is no such file.'))
          : Promise.resolve(new TextEncoder().encode(text));
      },
    },
  },
}));

/** Extensions with what their package.json says, in VS Code's order, and the texts of their files. */
function bring(packages: Record<string, unknown>, files: Record<string, string>): void {
  for (const [folder, packageJson] of Object.entries(packages)) brought.packages.set(folder, packageJson);
  for (const [path, text] of Object.entries(files)) brought.files.set(path, text);
}

describe('the comment signs in a language configuration', () => {
  it.each<[string, unknown, object | undefined]>([
    ['both', { lineComment: '//', blockComment: ['/*', '*/'] }, { line: '//', block: ['/*', '*/'] }],
    ['a line’s alone', { lineComment: '#' }, { line: '#' }],
    ['a block’s alone', { blockComment: ['<!--', '-->'] }, { block: ['<!--', '-->'] }],
    ['a line’s as an object', { lineComment: { comment: '%', noIndent: true } }, { line: '%' }],
    [
      'a line’s that is empty',
      { lineComment: '', blockComment: ['<!--', '-->'] },
      { block: ['<!--', '-->'] },
    ],
    ['a block’s that closes with a space', { lineComment: ';', blockComment: [';', ' '] }, { line: ';' }],
    ['none', {}, {}],
    ['null', { lineComment: null, blockComment: null }, {}],
    ['numbers', { lineComment: 7, blockComment: [1, 2] }, {}],
    ['half a block', { blockComment: ['/*'] }, {}],
    ['a text for a block', { blockComment: '/*' }, {}],
    ['a text', 'comments', {}],
    ['nothing', null, undefined],
    ['nothing at all', undefined, undefined],
  ])('are read from %s', (_, comments, rules) => {
    expect(rulesIn({ comments })).toEqual(rules);
  });

  it.each([[undefined], [null], [7], ['text'], [[]], [{}]])('are not in %j', (configuration) => {
    expect(rulesIn(configuration)).toBeUndefined();
  });
});

describe('the comment signs of a language', () => {
  const language = (id: unknown, configuration?: unknown): unknown => ({
    contributes: { languages: [{ id, configuration }] },
  });

  beforeEach(() => {
    watchExtensions();
    brought.changed();
    brought.reads.length = 0;
    brought.files.clear();
    brought.packages.clear();
  });

  it('come from the extension that brings the language, whatever others hold', async () => {
    bring(
      {
        a: undefined,
        b: { contributes: null },
        c: { contributes: { languages: 'sql' } },
        d: { contributes: { languages: [null, 7, 'sql'] } },
        e: language('sql'),
        f: language('sql', 7),
        g: language('lua', 'lua.json'),
        h: language('sql', 'sql.json'),
      },
      { 'h/sql.json': '{\n  // A comment.\n  "comments": { "lineComment": "--", },\n}' },
    );
    expect(await commentRulesOf('sql')).toEqual({ line: '--' });
    expect(brought.reads).toEqual(['h/sql.json']);
  });

  it('are read once, until the extensions change', async () => {
    bring({ a: language('sql', 'sql.json') }, { 'a/sql.json': '{ "comments": { "lineComment": "--" } }' });
    await Promise.all([commentRulesOf('sql'), commentRulesOf('sql')]);
    expect(brought.reads).toHaveLength(1);
    brought.changed();
    await commentRulesOf('sql');
    expect(brought.reads).toHaveLength(2);
  });

  it('come from the next where a file cannot be read or says nothing of comments', async () => {
    bring(
      {
        a: language('sql', 'gone.json'),
        b: language('sql', 'broken.json'),
        c: language('sql', 'brackets.json'),
        d: language('sql', 'sql.json'),
      },
      {
        'b/broken.json': '\u0000{{{',
        'c/brackets.json': '{ "brackets": [] }',
        'd/sql.json': '{ "comments": { "lineComment": "--" } }',
      },
    );
    expect(await commentRulesOf('sql')).toEqual({ line: '--' });
  });

  it('are none for a language that nobody brings', async () => {
    expect(await commentRulesOf('unheard-of')).toEqual({});
  });
});
