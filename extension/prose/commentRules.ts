/**
 * The comment signs of a language, from the language configurations that VS Code's extensions bring (its own among
 * them): VS Code hands them to no extension, but says where the files are.
 */
import { parse } from 'jsonc-parser';
import { extensions, Uri, workspace } from 'vscode';
import type { Disposable } from '../disposable';
import type { CommentRules } from './reading/commentSigns';

const known = new Map<string, Promise<CommentRules>>();

/** @returns no signs for a language that has none, or whose configuration cannot be read */
export function commentRulesOf(languageId: string): Promise<CommentRules> {
  const earlier = known.get(languageId);
  if (earlier !== undefined) return earlier;
  const rules = readRules(languageId);
  known.set(languageId, rules);
  return rules;
}

/** Extensions come and go, and bring languages. */
export function watchExtensions(): Disposable {
  return extensions.onDidChange(() => known.clear());
}

async function readRules(languageId: string): Promise<CommentRules> {
  for (const { extensionUri, packageJSON } of extensions.all) {
    for (const { id, configuration } of languagesOf(packageJSON)) {
      if (id !== languageId || configuration === undefined) continue;
      const rules = await rulesInFile(Uri.joinPath(extensionUri, configuration));
      if (rules !== undefined) return rules;
    }
  }
  return {};
}

async function rulesInFile(file: Uri): Promise<CommentRules | undefined> {
  try {
    return rulesIn(parse(new TextDecoder().decode(await workspace.fs.readFile(file))));
  } catch {
    // Another extension may bring the language too, and in order.
    return undefined;
  }
}

/** The part of a package.json that is read here; another's may hold anything. */
function languagesOf(packageJson: unknown): { id: unknown; configuration?: string }[] {
  const { contributes } = (packageJson ?? {}) as { contributes?: { languages?: unknown } };
  if (!Array.isArray(contributes?.languages)) return [];
  return contributes.languages.map((language: unknown) => {
    const { id, configuration } = (language ?? {}) as { id?: unknown; configuration?: unknown };
    return typeof configuration === 'string' ? { id, configuration } : { id };
  });
}

/**
 * What a language configuration says of comments; the line's sign is a text, or in newer ones an object.
 *
 * @returns undefined where it says nothing
 */
export function rulesIn(configuration: unknown): CommentRules | undefined {
  const { comments } = (configuration ?? {}) as {
    comments?: { lineComment?: unknown; blockComment?: unknown };
  };
  if (comments == null) return undefined;
  const { lineComment, blockComment } = comments;
  const line = isSign(lineComment) ? lineComment : (lineComment as { comment?: unknown } | null)?.comment;
  const [open, close] = Array.isArray(blockComment) ? (blockComment as unknown[]) : [];
  return {
    ...(isSign(line) ? { line } : {}),
    ...(isSign(open) && isSign(close) ? { block: [open, close] as const } : {}),
  };
}

/** Some languages without block comments give them a space for a closing sign, so that VS Code can toggle them. */
function isSign(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
