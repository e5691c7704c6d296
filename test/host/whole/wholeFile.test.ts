/** A whole file of 2 MB is translated: the editor stays usable, and one undo brings the file back. */
import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { closeEditors, edit, Notifications, run, select, undo } from '../workbench';

const minute = 60_000;

describe('a whole file of 2 MB', () => {
  it('is translated in one undo step, line by line, while short texts do not wait', async function () {
    this.timeout(40 * minute);
    const notifications = new Notifications();
    // Every line is another sentence; a number keeps its place in it.
    const lines = Array.from(
      { length: 32_000 },
      (_, line) => `${line}: The file number ${line} was saved on the server before it was closed.`,
    );
    const text = `${lines.join('\n')}\n`;
    assert.ok(text.length > 2_000_000);
    const whole = await edit(text);
    select(whole);
    const state = { over: false };
    const translation = run('polyhead.translateSelection').then(() => (state.over = true));

    // Beside it, a sentence in another file.
    const other = await edit('The window can be closed now.');
    select(other);
    const begun = performance.now();
    await run('polyhead.translateSelection');
    const waited = performance.now() - begun;
    assert.notEqual(other.document.getText(), 'The window can be closed now.');
    assert.equal(state.over, false, 'the whole file was done first');
    assert.ok(waited < 20_000, `a sentence waited ${Math.round(waited)} ms`);

    await translation;
    const translated = whole.document.getText().split('\n');
    assert.equal(translated.length, lines.length + 1);
    // Lines that the model was unsure of may be named, and nothing else.
    for (const said of notifications.said) assert.match(said, /^Uncertain: /);
    const unchanged = translated.filter((line, index) => line === lines[index]).length;
    assert.ok(unchanged < lines.length / 100, `${unchanged} lines are as they were`);
    await closeEditors();
    notifications.restore();
  });

  it('comes back with one undo', async function () {
    this.timeout(5 * minute);
    const text = 'The file was saved on the server.\n'.repeat(2000);
    const editor = await edit(text);
    select(editor);
    await run('polyhead.translateSelection');
    assert.notEqual(editor.document.getText(), text);
    await undo();
    assert.equal(editor.document.getText(), text);
    await closeEditors();
  });
});
