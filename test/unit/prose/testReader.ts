/**
 * Reads texts in this thread, with the grammars of the npm package tm-grammars, so that the tests run where no VS Code
 * is.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { grammars as known } from 'tm-grammars';
import { Grammars } from '../../../extension/prose/reading/grammars';
import { GrammarCatalogue, type GrammarEntry } from '../../../extension/prose/reading/grammarSource';
import { ownGrammars } from '../../../extension/prose/reading/ownGrammars';
import { TextReader, type ReadRequest } from '../../../extension/prose/reading/textReader';
import type { Reader } from '../../../extension/prose/proseFinder';

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve('tm-grammars/grammars/c.json'));

/** VS Code's names for languages that the package calls otherwise. */
const languageIds: Readonly<Partial<Record<string, string>>> = {
  tsx: 'typescriptreact',
  jsx: 'javascriptreact',
  docker: 'dockerfile',
  make: 'makefile',
  'objective-c': 'objective-c',
};

/** Kotlin and TOML are left to our own grammars. */
const entries: readonly GrammarEntry[] = known
  .filter(({ name }) => name !== 'kotlin' && name !== 'toml')
  .map(({ name, scopeName }) => ({
    scopeName,
    languageId: languageIds[name] ?? name,
    path: `${name}.json`,
    read: () => readFile(path.join(folder, `${name}.json`), 'utf8'),
  }));

/** @param withGrammars false: comments are found by their signs alone */
export function testReader({ withGrammars = true } = {}): Reader & { readonly texts: TextReader } {
  const texts = new TextReader(
    new Grammars({
      catalogue: new GrammarCatalogue(withGrammars ? [...entries, ...ownGrammars] : []),
      readWasm: () => readFile(require.resolve('vscode-oniguruma/release/onig.wasm')),
      warn: (sentence) => {
        throw new Error(sentence);
      },
    }),
  );
  return {
    texts,
    read: (request: ReadRequest, signal = new AbortController().signal) => texts.read(request, signal),
    forget: (document) => texts.forget(document),
    end: () => undefined,
  };
}
