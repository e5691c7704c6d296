/**
 * The grammars that the editor's own extensions bring are found and are files that can be read: without them comments
 * would be found by their signs alone.
 */
import * as assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { describe, it } from 'mocha';
import { commentRulesOf } from '../../extension/prose/commentRules';
import { editorGrammars } from '../../extension/prose/editorGrammars';

/** Languages of the list in docs/prose.md that VS Code brings; Kotlin and TOML are ours. */
const languages = [
  ...[
    'typescript',
    'typescriptreact',
    'javascript',
    'python',
    'java',
    'c',
    'cpp',
    'csharp',
    'go',
    'rust',
    'ruby',
  ],
  ...['php', 'shellscript', 'html', 'css', 'yaml', 'sql', 'lua', 'swift', 'dockerfile', 'xml'],
];

describe('the editor’s grammars', () => {
  const grammars = editorGrammars();

  for (const language of languages)
    it(`has one for ${language}, and its comment signs`, async () => {
      const found = grammars.filter(({ languageId }) => languageId === language);
      assert.notEqual(found.length, 0, 'no grammar');
      for (const { path } of found) await access(path);
      const { line, block } = await commentRulesOf(language);
      assert.ok(line !== undefined || block !== undefined, 'no comment signs');
    });
});
