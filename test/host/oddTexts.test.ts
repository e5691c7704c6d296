/**
 * Documents that are large, strange, or change while they are being translated. The document is never corrupted.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { another, sentence } from './texts';
import { closeEditors, edit, Notifications, resetSettings, run, select, setting, undo } from './workbench';

let notifications: Notifications;

beforeEach(() => {
  notifications = new Notifications();
});

afterEach(async () => {
  notifications.restore();
  await closeEditors();
  await resetSettings();
});

describe('odd texts', () => {
  it('CRLF line endings stay, and the line breaks between sentences', async () => {
    const text = `${sentence}\r\n${another}\r\nend\r\n`;
    const editor = await edit(text);
    select(editor, `${sentence}\r\n${another}`);
    await run('polyhead.translateSelection');
    const translated = editor.document.getText();
    assert.notEqual(translated, text);
    assert.equal(translated.split('\r\n').length, 4);
    assert.doesNotMatch(translated, /(?<!\r)\n/);
  });

  for (const [name, around] of [
    ['right-to-left text', 'שלום עולם، مرحبا بالعالم'],
    ['Chinese, Japanese and Korean', '你好，世界。こんにちは世界。안녕하세요 세계.'],
    ['emoji with joiners and skin tones', '👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['combining marks', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞'],
    ['control characters', 'a\u0001b\u0007c\u001b[31md'],
  ] as const) {
    it(`${name} around the selection stay as they are`, async () => {
      const text = `${around}\n${sentence}\n${around}\n`;
      const editor = await edit(text);
      // What VS Code reads of the file is what counts; it leaves out nothing of these.
      assert.equal(editor.document.getText(), text);
      select(editor, sentence);
      await run('polyhead.translateSelection');
      const lines = editor.document.getText().split('\n');
      assert.equal(lines[0], around);
      assert.equal(lines[2], around);
      assert.notEqual(lines[1], sentence);
      await undo();
      assert.equal(editor.document.getText(), text);
    });

    it(`${name} within the selection do no harm`, async () => {
      // Half of a text in other scripts keeps its language from being told.
      await setting('polyhead.sourceLanguage', 'en');
      await setting('polyhead.targetLanguage', 'de');
      const text = `${sentence} ${around} ${another}\n`;
      const editor = await edit(text);
      select(editor);
      await run('polyhead.translateSelection');
      assert.notEqual(editor.document.getText(), text);
      await undo();
      assert.equal(editor.document.getText(), text);
    });
  }

  for (const [name, text] of [
    // VS Code takes a file with NUL for a binary one, but a document may hold it.
    ['NUL', `${sentence} a\u0000b. ${another}`],
    ['lone surrogates', `${sentence} \ud83d and \ude00 end.`],
  ] as const) {
    it(`${name} within the selection do no harm`, async () => {
      const editor = await edit('');
      await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), text));
      const before = editor.document.getText();
      select(editor);
      await run('polyhead.translateSelection');
      assert.notEqual(editor.document.getText(), before);
      await undo();
      // VS Code's own undo makes U+FFFD of a lone surrogate.
      assert.equal(editor.document.getText(), before.replace(/\p{Surrogate}/gu, '\ufffd'));
    });
  }
});

describe('large documents', () => {
  it('1,000 selections are translated in one undo step', async () => {
    const text = Array.from({ length: 1000 }, (_, line) => `${line}: The file was saved.\n`).join('');
    const editor = await edit(text);
    editor.selections = Array.from({ length: 1000 }, (_, line) => {
      const { range } = editor.document.lineAt(line);
      return new vscode.Selection(range.start.translate(0, `${line}: `.length), range.end);
    });
    await run('polyhead.translateSelection');
    assert.deepEqual(notifications.said, []);
    const lines = editor.document.getText().split('\n');
    assert.equal(lines.length, 1001);
    const [first] = lines.map((line) => line.slice(line.indexOf(' ') + 1));
    lines.slice(0, 1000).forEach((line, index) => assert.equal(line, `${index}: ${first!}`));
    assert.notEqual(first, 'The file was saved.');
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  it('one sentence in a file of 2 MB is translated without delay', async () => {
    const filler = 'x = compute(1234567890)  # stays\n'.repeat(32_000);
    const text = `${filler}${sentence}\n${filler}`;
    const editor = await edit(text);
    const start = editor.document.positionAt(filler.length);
    editor.selection = new vscode.Selection(start, start.translate(0, sentence.length));
    const begun = performance.now();
    await run('polyhead.translateSelection');
    const took = performance.now() - begun;
    const translated = editor.document.getText();
    assert.ok(translated.startsWith(filler) && translated.endsWith(`\n${filler}`));
    assert.ok(!translated.includes(sentence));
    assert.ok(took < 5000, `it took ${Math.round(took)} ms`);
    await undo();
    assert.equal(editor.document.getText(), text);
  });
});

describe('a document that changes while it is being translated', () => {
  // Long enough that the change comes first.
  const long = `${sentence} ${another}\n`.repeat(40);
  const begin = async (text: string): Promise<{ editor: vscode.TextEditor; done: Thenable<unknown> }> => {
    const editor = await edit(text);
    select(editor, long.trimEnd());
    return { editor, done: run('polyhead.translateSelection') };
  };

  it('keeps what was written before and behind the text', async () => {
    const { editor, done } = await begin(`first\n${long}last\n`);
    await editor.edit((builder) => {
      builder.insert(new vscode.Position(0, 0), 'zero\n');
      builder.insert(new vscode.Position(editor.document.lineCount - 1, 0), 'more\n');
    });
    await done;
    const translated = editor.document.getText();
    assert.ok(translated.startsWith('zero\nfirst\n') && translated.endsWith('\nlast\nmore\n'));
    assert.ok(!translated.includes(sentence));
    assert.deepEqual(notifications.said, []);
  });

  it('is left alone when the text itself was changed, and the person is told', async () => {
    const { editor, done } = await begin(`first\n${long}last\n`);
    await editor.edit((builder) => builder.insert(new vscode.Position(3, 4), 'CHANGED'));
    const changed = editor.document.getText();
    await done;
    assert.equal(editor.document.getText(), changed);
    assert.match(notifications.said[0]!, /changed while it was being translated/);
  });

  it('is left alone when the change was undone and made something else', async () => {
    const { editor, done } = await begin(long);
    await editor.edit((builder) => builder.delete(new vscode.Range(0, 0, 1, 0)));
    await undo();
    await done;
    assert.equal(editor.document.getText(), long);
    assert.match(notifications.said[0]!, /changed while it was being translated/);
  });

  it('is translated where it stands when the person has gone to another tab', async () => {
    const { editor, done } = await begin(long);
    await edit('another file');
    await done;
    assert.deepEqual(notifications.said, []);
    assert.ok(!editor.document.getText().includes(sentence));
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'another file');
  });
});
