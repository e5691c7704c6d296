/**
 * “Insert Translation Below” and “Copy Translation”, and what all three commands take where nothing is selected.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { another, sentence } from './texts';
import { closeEditors, edit, Notifications, placeCursor, run, select, undo } from './workbench';

describe('where a translation goes', () => {
  let notifications: Notifications;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
  });

  it('Insert Translation Below adds a line with the same indentation, in one undo step', async () => {
    const text = `one\n    ${sentence}\nthree\n`;
    const editor = await edit(text);
    select(editor, sentence);
    await run('polyhead.insertTranslationBelow');
    const lines = editor.document.getText().split('\n');
    assert.deepEqual([lines[0], lines[1], lines[3], lines.length], ['one', `    ${sentence}`, 'three', 5]);
    assert.match(lines[2]!, /^ {4}\S/);
    assert.deepEqual(notifications.said, []);
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  it('Insert Translation Below works in the last line, and keeps CRLF', async () => {
    const editor = await edit(`one\r\n${sentence}`);
    select(editor, sentence);
    await run('polyhead.insertTranslationBelow');
    const lines = editor.document.getText().split('\r\n');
    assert.deepEqual([lines[0], lines[1], lines.length], ['one', sentence, 3]);
    assert.match(lines[2]!, /\S/);
  });

  it('Copy Translation leaves the document alone, and joins several selections by lines', async () => {
    const text = `1. ${sentence}\n2. ${another}\n`;
    const editor = await edit(text);
    select(editor, sentence, another);
    const { version } = editor.document;
    await run('polyhead.copyTranslation');
    assert.equal(editor.document.version, version);
    const copied = (await vscode.env.clipboard.readText()).split('\n');
    assert.equal(copied.length, 2);
    assert.notEqual(copied[0], sentence);
    assert.notEqual(copied[1], another);
    assert.deepEqual(notifications.said, []);
  });
});

describe('without a selection', () => {
  let notifications: Notifications;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
  });

  it('the line is translated in a text', async () => {
    const editor = await edit(`one\n  ${sentence}\nthree\n`);
    placeCursor(editor, 'was saved');
    await run('polyhead.translateSelection');
    const lines = editor.document.getText().split('\n');
    assert.match(lines[1]!, /^ {2}\S/);
    assert.notEqual(lines[1], `  ${sentence}`);
    assert.deepEqual([lines[0], lines[2]], ['one', 'three']);
  });

  it('the whole comment is translated in a program, as one text over its lines', async () => {
    const text =
      'const one = 1; // stays\n' +
      '    // The file was saved on the\n    // server. Please open the settings\n    // and choose a language.\n' +
      'run("// a text, no comment");\n';
    const editor = await edit(text, 'ts');
    placeCursor(editor, 'server. Please');
    await run('polyhead.translateSelection');
    const lines = editor.document.getText().split('\n');
    assert.equal(lines[0], 'const one = 1; // stays');
    assert.equal(lines.at(-2), 'run("// a text, no comment");');
    const comment = lines.slice(1, -2);
    for (const line of comment) assert.match(line, /^ {4}\/\/ \S/);
    assert.ok(!comment.join(' ').includes('server. Please'));
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  it('a comment behind code is translated, and the code stays', async () => {
    const editor = await edit(`url = "https://example.org/#top"  # ${sentence}\n`, 'py');
    placeCursor(editor, 'was saved');
    await run('polyhead.translateSelection');
    assert.match(editor.document.getText(), /^url = "https:\/\/example\.org\/#top" {2}# \S.*\n$/);
    assert.ok(!editor.document.getText().includes(sentence));
  });

  it('a block comment keeps its gutter and its tags', async () => {
    const text = `/**\n * ${sentence}\n *\n * @param name ${another}\n */\nint f(char *name);\n`;
    const editor = await edit(text, 'c');
    placeCursor(editor, 'was saved');
    await run('polyhead.translateSelection');
    const lines = editor.document.getText().split('\n');
    assert.equal(lines[0], '/**');
    assert.match(lines[1]!, /^ \* \S/);
    assert.ok(lines.includes(' *'));
    assert.ok(lines.some((line) => line.startsWith(' * @param name ')));
    assert.deepEqual(lines.slice(-3), [' */', 'int f(char *name);', '']);
    assert.ok(!editor.document.getText().includes(sentence));
  });

  it('Insert Translation Below goes on with the comment', async () => {
    const text = `# ${sentence}\nprint(1)\n`;
    const editor = await edit(text, 'py');
    placeCursor(editor, 'was saved');
    await run('polyhead.insertTranslationBelow');
    const lines = editor.document.getText().split('\n');
    assert.equal(lines[0], `# ${sentence}`);
    assert.match(lines[1]!, /^# \S/);
    assert.equal(lines[2], 'print(1)');
  });

  it('a line of code is left alone, and it is said why', async () => {
    const text = 'const settings = open("server");\n';
    const editor = await edit(text, 'ts');
    placeCursor(editor, 'settings');
    await run('polyhead.translateSelection');
    assert.equal(editor.document.getText(), text);
    assert.match(notifications.said[0]!, /code at the cursor/);
  });

  it('two cursors in one comment mean it once', async () => {
    const text = `// ${sentence}\n// ${another}\nf();\n`;
    const editor = await edit(text, 'ts');
    editor.selections = [new vscode.Selection(0, 4, 0, 4), new vscode.Selection(1, 4, 1, 4)];
    await run('polyhead.translateSelection');
    assert.deepEqual(notifications.said, []);
    assert.ok(!editor.document.getText().includes(sentence));
    assert.match(editor.document.getText(), /\nf\(\);\n$/);
  });
});
