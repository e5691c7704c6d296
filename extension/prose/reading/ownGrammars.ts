/**
 * Grammars for languages that VS Code brings none for, until an extension does: Kotlin's is fwcd's (MIT, see
 * grammars/kotlin.LICENSE.txt), TOML's our own.
 */
import kotlin from './grammars/kotlin.tmLanguage.json';
import toml from './grammars/toml.tmLanguage.json';
import type { GrammarEntry } from './grammarSource';

function ownGrammar(languageId: string, grammar: { readonly scopeName: string }): GrammarEntry {
  const read = (): Promise<string> => Promise.resolve(JSON.stringify(grammar));
  return { scopeName: grammar.scopeName, languageId, path: `${languageId}.tmLanguage.json`, read };
}

export const ownGrammars: readonly GrammarEntry[] = [ownGrammar('kotlin', kotlin), ownGrammar('toml', toml)];
