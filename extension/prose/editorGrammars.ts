/**
 * The grammars that the editor's extensions bring: VS Code hands them to no extension, but says where the files are.
 */
import { extensions, Uri } from 'vscode';
import type { GrammarFile } from './reading/messages';

/** Those of extensions on this machine; the last for a language wins, as in VS Code. */
export function editorGrammars(): GrammarFile[] {
  return extensions.all.flatMap(({ extensionUri, packageJSON }) =>
    grammarsOf(packageJSON).map(({ path, ...grammar }) => ({
      ...grammar,
      path: Uri.joinPath(extensionUri, path).fsPath,
    })),
  );
}

/** The part of a package.json that is read here; another's may hold anything. */
export function grammarsOf(packageJson: unknown): GrammarFile[] {
  const { contributes } = (packageJson ?? {}) as { contributes?: { grammars?: unknown } };
  if (!Array.isArray(contributes?.grammars)) return [];
  return contributes.grammars.flatMap((grammar: unknown): GrammarFile[] => {
    const { scopeName, language, path, injectTo } = (grammar ?? {}) as Record<string, unknown>;
    if (typeof scopeName !== 'string' || typeof path !== 'string') return [];
    const targets = Array.isArray(injectTo) ? injectTo.filter((target) => typeof target === 'string') : [];
    return [
      {
        scopeName,
        path,
        ...(typeof language === 'string' && { languageId: language }),
        ...(targets.length > 0 && { injectTo: targets }),
      },
    ];
  });
}
