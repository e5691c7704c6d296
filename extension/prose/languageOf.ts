/**
 * Which language a document is read as: VS Code's own word for it, or, where VS Code knows no language, how the file is
 * called.
 */
import type { TextDocument } from 'vscode';

/** Languages that VS Code brings no extension for, by the endings of their files. */
const byEnding: readonly (readonly [RegExp, string])[] = [
  [/\.kts?$/i, 'kotlin'],
  [/\.toml$|(?:^|\/)(?:cargo\.lock|pipfile|poetry\.lock|uv\.lock)$/i, 'toml'],
  [/\.mdx$/i, 'mdx'],
  // Their text, scripts and styles are where HTML has them.
  [/\.(?:vue|svelte|astro)$/i, 'html'],
];

/** Languages of extensions that bring no grammar of their own under that name, or are read as another. */
const readAs: Readonly<Partial<Record<string, string>>> = {
  vue: 'html',
  svelte: 'html',
  astro: 'html',
  'github-actions-workflow': 'yaml',
  'jupyter-markdown': 'markdown',
};

/** Documents that are prose themselves, paragraph by paragraph. */
const proseLanguages = new Set([
  ...['plaintext', 'restructuredtext', 'asciidoc', 'latex', 'tex', 'typst', 'org', 'scminput'],
  ...['git-commit', 'git-rebase', 'search-result', 'log', 'csv', 'tsv'],
]);

export function languageOf({ languageId, uri }: Pick<TextDocument, 'languageId' | 'uri'>): string {
  if (languageId !== 'plaintext') return languageId;
  return byEnding.find(([pattern]) => pattern.test(uri.path))?.[1] ?? languageId;
}

/** The language whose grammar stands in where there is none for the language itself. */
export function readsLike(languageId: string): string {
  return readAs[languageId] ?? languageId;
}

export function isProseLanguage(languageId: string): boolean {
  return proseLanguages.has(languageId);
}

/** Whether the text between a language's tags may be for a program: `<scope>test</scope>`. */
export function holdsSettings(languageId: string): boolean {
  return languageId === 'xml' || languageId === 'xsl';
}
