/**
 * Whole documents: to the side, comments in file with their preview, Markdown into a file, and comments shown in
 * translation.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { another, german, sentence } from './texts';
import {
  closeEditors,
  edit,
  Notifications,
  placeCursor,
  resetSettings,
  run,
  setting,
  undo,
  until,
} from './workbench';

const code = `// ${sentence}
const answer = 42;

/**
 * ${another}
 */
function ask(): number {
  return answer;
}
`;

/** The newest document of a scheme that is shown. */
function opened(scheme: string): vscode.TextDocument | undefined {
  return vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .filter(({ uri }) => uri.scheme === scheme)
    .at(-1);
}

function previewTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('markdown.preview'),
    );
}

/** Code is as it was, and neither sentence stands there any more. */
const isTranslated = (text: string): boolean =>
  text.includes('const answer = 42;\n') &&
  text.includes('function ask(): number {\n  return answer;\n}\n') &&
  !text.includes(sentence) &&
  !text.includes(another);

describe('whole documents', () => {
  let notifications: Notifications;

  beforeEach(async () => {
    notifications = new Notifications();
    await setting('polyhead.myLanguage', 'de');
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
    await resetSettings();
  });

  it('Translate Document to the Side keeps the code, follows the source, and changes nothing in it', async () => {
    const editor = await edit(code, 'ts');
    await run('polyhead.translateDocumentToSide');
    const beside = await until('the translation beside', () => opened('polyhead-translation'));
    assert.equal(beside.languageId, 'typescript');
    await until('its sentences', () => isTranslated(beside.getText()));
    assert.equal(beside.lineCount, editor.document.lineCount);
    const at = (line: number): Thenable<boolean> =>
      editor.edit((builder) => builder.insert(new vscode.Position(line, 0), 'const more = 1;\n'));
    const [before] = [beside.getText()];
    assert.ok(await at(1));
    await until('the change', () => beside.getText().includes('const more = 1;\n'));
    assert.equal(beside.getText().replace('const more = 1;\n', ''), before);
    await undo();
    assert.equal(editor.document.getText(), code);
    assert.deepEqual(notifications.said, []);
  });

  it('Translate Document to the Side says when there is nothing foreign', async () => {
    await edit(`// ${german}\nconst one = 1;\n`, 'ts');
    await run('polyhead.translateDocumentToSide');
    const said = await until('a message', () => notifications.said[0]);
    assert.match(said, /already/);
  });

  it('Translate Comments in File shows first what would change, and is one undo step', async () => {
    const editor = await edit(code, 'ts');
    notifications.pick('German');
    await run('polyhead.translateCommentsInFile');
    assert.deepEqual(notifications.offered, ['German', 'English']);
    assert.match(notifications.said.join(), /2 texts of .* into German/);
    assert.equal(editor.document.getText(), code);
    const proposal = await until('the comparison', () => opened('polyhead-proposal'));
    assert.ok(isTranslated(proposal.getText()), proposal.getText());
    // What changes elsewhere meanwhile stays.
    const insertion = new vscode.WorkspaceEdit();
    insertion.insert(editor.document.uri, new vscode.Position(1, 0), 'const more = 1;\n');
    assert.ok(await vscode.workspace.applyEdit(insertion));
    await run('polyhead.applyProposal');
    assert.equal(
      editor.document.getText(),
      proposal.getText().replace('const answer', 'const more = 1;\nconst answer'),
    );
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    await undo();
    assert.equal(editor.document.getText(), code.replace('const answer', 'const more = 1;\nconst answer'));
  });

  it('Translate Comments in File leaves a file alone when that is discarded', async () => {
    const editor = await edit(code, 'ts');
    notifications.pick('German');
    await run('polyhead.translateCommentsInFile');
    await run('polyhead.discardProposal');
    assert.equal(editor.document.getText(), code);
    assert.equal(
      vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText,
      true,
    );
    await run('polyhead.applyProposal');
    assert.match(notifications.said.at(-1)!, /no translation to apply/);
    assert.equal(editor.document.getText(), code);
  });

  it('Translate Comments in File says when there are none', async () => {
    await edit('const one = 1;\n', 'ts');
    notifications.pick('German');
    await run('polyhead.translateCommentsInFile');
    assert.match(notifications.said.join(), /no comments/);
  });

  it('Translate Strings in File shows what would change of the strings alone', async () => {
    const strings = `// ${sentence}\nconst key = 'a.b';\nconst text = '${another}';\n`;
    const editor = await edit(strings, 'ts');
    notifications.pick('German');
    await run('polyhead.translateStringsInFile');
    assert.match(notifications.said.join(), /One text of .* into German/);
    await run('polyhead.applyProposal');
    const [comment, key, text] = editor.document.getText().split('\n');
    assert.deepEqual([comment, key], strings.split('\n').slice(0, 2));
    assert.match(text!, /^const text = '.+';$/);
    assert.ok(!text!.includes(another), text);
    await undo();
    assert.equal(editor.document.getText(), strings);
  });

  it('Translate Strings in File says when there are none', async () => {
    await edit(`// ${sentence}\nconst key = 'a.b';\n`, 'ts');
    notifications.pick('German');
    await run('polyhead.translateStringsInFile');
    assert.match(notifications.said.join(), /no strings/);
  });

  it('Translate Markdown File As writes a file beside it, with code and links as they were', async () => {
    const markdown = `# Title\n\n${sentence}\n\n\`\`\`sh\nnpm install # ${another}\n\`\`\`\n`;
    const editor = await edit(markdown, 'md');
    notifications.pick('German');
    const target = vscode.Uri.joinPath(editor.document.uri, '..', 'written.de.md');
    notifications.saveAs(target);
    await run('polyhead.translateMarkdownAs');
    const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    assert.ok(!written.includes(sentence), written);
    assert.ok(written.includes(`\`\`\`sh\nnpm install # ${another}\n\`\`\`\n`), written);
    assert.match(notifications.suggested ?? '', /\.de\.md$/);
    assert.equal(editor.document.getText(), markdown);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), target.toString());
  });

  it('Open Translated Markdown Preview stays with the translation when the source is clicked into', async () => {
    const editor = await edit(`# Title\n\n${sentence}\n`, 'md');
    await run('polyhead.openTranslatedPreview');
    try {
      const { label } = await until('the preview', () => previewTabs()[0]);
      assert.match(label, /^\[Preview\] text\d+ \(German\)\.md$/);
      await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
      // As long as a preview needs that does go over.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.deepEqual(
        previewTabs().map((tab) => tab.label),
        [label],
      );
      assert.deepEqual(notifications.said, []);
    } finally {
      await vscode.window.tabGroups.close(previewTabs());
    }
  });

  it('Translate Documentation at Cursor shows what other hovers say, code as it is', async () => {
    const provider = vscode.languages.registerHoverProvider('typescript', {
      provideHover: () => new vscode.Hover(`\`\`\`ts\nconst answer: number\n\`\`\`\n\n${sentence}`),
    });
    try {
      const editor = await edit(code, 'ts');
      placeCursor(editor, 'answer');
      await run('polyhead.translateDocumentation');
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        editor.document.uri,
        editor.selection.active,
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((content) => (content as vscode.MarkdownString).value),
      );
      const translated = texts.find((text) => text.includes('In translation'));
      assert.ok(translated !== undefined && !translated.includes(sentence), texts.join('\n'));
      assert.ok(translated.includes('```ts\nconst answer: number\n```'), translated);
      assert.deepEqual(notifications.said, []);
    } finally {
      provider.dispose();
    }
  });

  it('Translate Documentation at Cursor shows what problems say, names as they are', async () => {
    const problems = vscode.languages.createDiagnosticCollection('test');
    try {
      const editor = await edit(code, 'ts');
      placeCursor(editor, 'answer');
      const place = editor.selection.active;
      const message = `${sentence} See 'max-length' and 'foo_bar'.`;
      problems.set(editor.document.uri, [new vscode.Diagnostic(new vscode.Range(place, place), message)]);
      await run('polyhead.translateDocumentation');
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        editor.document.uri,
        place,
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((content) => (content as vscode.MarkdownString).value),
      );
      const translated = texts.find((text) => text.includes('In translation'))?.replaceAll('\\', '');
      assert.ok(translated !== undefined && !translated.includes(sentence), texts.join('\n'));
      assert.ok(!translated.includes('&nbsp;') && translated.includes('foo_bar'), translated);
      assert.deepEqual(notifications.said, []);
    } finally {
      problems.dispose();
    }
  });

  it('shows comments in translation, and changes nothing', async () => {
    const editor = await edit(code, 'ts');
    await run('polyhead.toggleTranslatedComments');
    await run('polyhead.toggleReadingStyle');
    await run('polyhead.toggleReadingStyle');
    await run('polyhead.toggleTranslatedComments');
    assert.equal(editor.document.getText(), code);
    assert.equal(editor.document.isDirty, false);
    assert.deepEqual(notifications.said, []);
  });
});
