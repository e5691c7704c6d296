/** “Translate Documentation at Cursor”: what the engine reads of problems and hovers, and what is shown of it. */
import { expect, it, vi } from 'vitest';
import type { DocumentServices } from '../../../extension/documents/wholeDocument';
import { ProseFinder } from '../../../extension/prose/proseFinder';
import { TranslatedDocumentation } from '../../../extension/reading/translatedDocumentation';
import type { ParametersOf } from '../../../models/engine/protocol';
import { collectLog } from '../extension/collectLog';
import { FakeDocument, Position, Range, type FakeVscode } from '../extension/fakeVscode';
import { testReader } from '../prose/testReader';

vi.mock('vscode', async () => (await import('../extension/fakeVscode')).fakeVscode());
const fake = (await import('vscode')) as unknown as FakeVscode;
const { editor, window, workspace, languages, MarkdownString } = fake;

const problem = "Property 'max-length' of 'foo_bar' is missing in <T>.\n  Did you mean the other one?";
const documentation = 'Gives the `answer` to *all* questions.';
const place = new Position(0, 7);

interface Provider {
  provideTextDocumentContent: (uri: { path: string }) => string;
}
let contents: Provider | undefined;
Object.assign(workspace, {
  registerTextDocumentContentProvider: (_: string, provider: Provider) => {
    contents = provider;
    return { dispose: () => undefined };
  },
  openTextDocument: ({ path }: { path: string }) => {
    const text = contents!.provideTextDocumentContent({ path });
    return Promise.resolve(
      new FakeDocument(fake, text, path.endsWith('.md') ? 'markdown' : 'plaintext', path),
    );
  },
});
Object.assign(fake.Uri, { from: (uri: object) => uri });
/** VS Code's own: no space of it is one. */
Object.assign(MarkdownString.prototype, {
  appendText(text: string) {
    const escaped = text.replace(/[\\`*_{}[\]()#+\-!~>]/g, '\\$&').replace(/[ \t]/g, '&nbsp;');
    return new MarkdownString(escaped.replaceAll('\n', '\n\n'));
  },
});
Object.assign(languages, {
  getDiagnostics: () => [
    { range: new Range(0, 6, 0, 12), message: problem },
    { range: new Range(1, 0, 1, 1), message: 'It is elsewhere.' },
  ],
});
editor.commands.set('vscode.executeHoverProvider', () => [{ contents: [new MarkdownString(documentation)] }]);

it('reads problems as text, and shows them letter by letter before the documentation', async () => {
  const asked: string[] = [];
  const translated = new TranslatedDocumentation({
    finder: new ProseFinder(testReader()),
    engines: {
      translate: ({ texts }: ParametersOf<'translate'>) => {
        asked.push(...texts);
        const translations = texts.map((text) => ({
          ...{ text: text.replace(/\bthe\b/g, 'die'), from: 'en', to: 'de', alreadyInTarget: false },
          segments: [{ start: 0, end: text.length, confidence: 1, left: false }],
        }));
        return Promise.resolve({ translations });
      },
    },
    languages: { request: () => ({ from: 'auto', to: 'de', preferredTarget: 'de' }), used: () => undefined },
    log: collectLog().log,
  } as unknown as DocumentServices);
  const document = Object.assign(new FakeDocument(fake, 'const answer = 42;\n', 'typescript'), {
    getWordRangeAtPosition: () => new Range(0, 6, 0, 12),
  });
  Object.assign(window, { activeTextEditor: { document, selection: { active: place } } });

  await translated.translateAtCursor();
  expect(editor.said).toEqual([]);
  expect(asked).toEqual([
    "Property 'max-length' of 'foo_bar' is missing in <T>.",
    'Did you mean the other one?',
    documentation,
  ]);
  const { provideHover } = editor.hoverProvider as {
    provideHover: (document: FakeDocument, position: Position) => { contents: { value: string }[] };
  };
  expect(provideHover(document, place).contents[0]!.value).toBe(
    '**In translation**\n\n' +
      "Property \\'max\\-length\\' of \\'foo\\_bar\\' is missing in \\<T\\>\\.  \nDid you mean die other one\\?" +
      '\n\n---\n\nGives die `answer` to *all* questions.',
  );
  translated.dispose();
});
