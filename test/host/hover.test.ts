/**
 * The hover: over which texts it comes up, what its links do, what it says when something is wrong, and that it gets out
 * of the way.
 */
import * as assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { LinkedCommandId } from '../../extension/contributions';
import { german, sentence } from './texts';
import {
  closeEditors,
  edit,
  extension,
  Notifications,
  placeCursor,
  resetSettings,
  run,
  select,
  setting,
  undo,
  until,
} from './workbench';

const wrapped =
  'Die Datei konnte nicht auf dem Server\n// gespeichert werden, weil kein Platz mehr frei ist.';
const code = `// ${wrapped}
const text = '${german}';

/** ${sentence} */
function save(): void {}
`;

/** What Polyhead says over a part of the document; nothing where it says nothing. */
async function hoverOver(editor: vscode.TextEditor, part: string): Promise<string | undefined> {
  const { document } = editor;
  const at = document.getText().indexOf(part);
  assert.notEqual(at, -1, `“${part}” is not in the document`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(at + 1),
  );
  const ours = hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .filter((value) => value.includes('command:polyhead.') || value.startsWith('Polyhead: '));
  assert.ok(ours.length <= 1);
  return ours[0];
}

/** Does what a click on the hover's link does. */
async function click(hover: string, command: LinkedCommandId): Promise<void> {
  const address = new RegExp(`\\(command:${command.replace('.', '\\.')}\\?([^)]+)\\)`).exec(hover)?.[1];
  assert.ok(address !== undefined, `the hover has no link to ${command}`);
  const parameters = JSON.parse(decodeURIComponent(address)) as unknown[];
  await vscode.commands.executeCommand(command, ...parameters);
}

/** The translation that a hover shows, as plain text. */
function shownIn(hover: string): string {
  return hover.split('\n\n')[0]!.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

describe('the hover', () => {
  let notifications: Notifications;

  beforeEach(() => {
    notifications = new Notifications();
  });

  afterEach(async () => {
    notifications.restore();
    await closeEditors();
    await resetSettings();
  });

  it('translates a comment over several lines as one sentence, with a picture, and Replace puts in what it showed', async () => {
    const editor = await edit(code, 'ts');
    const hover = await untilHover(editor, (said) => said.includes('polyhead.replaceByHover'));
    const shown = shownIn(hover);
    assert.match(shown, /^[A-Z][^\n]*file[^\n]*\.$/);
    assert.match(hover, /!\[Attention[^\]]+\]\(data:image\/svg\+xml;base64,[^)]+\|width=\d+,height=\d+\)/);
    assert.ok(hover.length < 100_000);

    await click(hover, 'polyhead.replaceByHover');
    const [replaced, rest] = editor.document.getText().split('\nconst');
    assert.equal(replaced!.replace(/\n?\/\/ /g, ' ').trim(), shown);
    assert.equal(rest, code.split('\nconst')[1]);
    await undo();
    assert.equal(editor.document.getText(), code);
    assert.deepEqual(notifications.said, []);
  });

  it('copies what it showed, and has the attention panel show how it came about', async () => {
    const editor = await edit(code, 'ts');
    const hover = await hoverOver(editor, 'gespeichert');
    await click(hover!, 'polyhead.copyHover');
    assert.equal(await vscode.env.clipboard.readText(), shownIn(hover!));
    await click(hover!, 'polyhead.showHoverAttention');
    await until('the panel', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('polyhead')),
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(notifications.said, []);
  });

  it('stays away from the person’s own language, from code, and from strings unless they are wanted', async () => {
    const editor = await edit(code, 'ts');
    assert.equal(await hoverOver(editor, sentence), undefined);
    assert.equal(await hoverOver(editor, 'function'), undefined);
    assert.equal(await hoverOver(editor, german), undefined);
    await setting('polyhead.hover', 'all');
    assert.ok((await hoverOver(editor, 'gespeichert')) !== undefined);
  });

  it('comes up where the setting says', async () => {
    const editor = await edit(code, 'ts');
    await setting('polyhead.hover', 'selection');
    assert.equal(await hoverOver(editor, 'gespeichert'), undefined);
    select(editor, 'kein Platz mehr frei');
    const hover = await hoverOver(editor, 'Platz');
    assert.ok(hover !== undefined);
    assert.equal(await hoverOver(editor, 'gespeichert'), undefined);
    await click(hover, 'polyhead.replaceByHover');
    assert.ok(editor.document.getText().includes(`weil ${shownIn(hover)} ist.`));
    await undo();
    select(editor, 'kein Platz mehr frei');
    await setting('polyhead.hover', 'off');
    assert.equal(await hoverOver(editor, 'Platz'), undefined);
  });

  it('follows the person’s language, and the document while it changes', async () => {
    await setting('polyhead.myLanguage', 'de');
    const editor = await edit(code, 'ts');
    assert.equal(await hoverOver(editor, 'gespeichert'), undefined);
    const hover = await hoverOver(editor, sentence);
    assert.ok(hover !== undefined);
    // Before the passage: it moves. Within it: it is another text.
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), '// more\n'));
    await click(hover, 'polyhead.replaceByHover');
    assert.ok(editor.document.getText().includes(`/** ${shownIn(hover)} */`));
    await undo();
    await editor.edit((builder) => {
      const at = editor.document.positionAt(editor.document.getText().indexOf('saved'));
      builder.insert(at, 'not ');
    });
    const before = editor.document.getText();
    await click(hover, 'polyhead.replaceByHover');
    assert.equal(editor.document.getText(), before);
    assert.match(notifications.said.join(), /changed while it was being translated/);
  });

  it('knows no links that it has not made', async () => {
    const editor = await edit(code, 'ts');
    for (const id of [undefined, 999_999, '1', { toString: () => '1' }, '__proto__']) {
      await vscode.commands.executeCommand('polyhead.replaceByHover', id);
      await vscode.commands.executeCommand('polyhead.copyHover', id);
      await vscode.commands.executeCommand('polyhead.showHoverAttention', id);
    }
    assert.equal(editor.document.getText(), code);
    assert.equal(notifications.said.length, 15);
    assert.match(notifications.said[0]!, /too long ago/);
  });

  it('says in one sentence when the engine fails, with a way to the log', async () => {
    // A text that no hover has shown yet: those are remembered.
    const editor = await edit(code.replace('gespeichert', 'heute gespeichert'), 'ts');
    const polyhead = await extension().activate();
    await run('polyhead.restartEngine');
    // As often as it is started anew.
    const state = { over: false };
    const killing = (async () => {
      while (!state.over) {
        for (const id of polyhead.engineProcessIds()) killAtOnce(id);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    // The one that is ready died between two hovers; the others die at this one.
    const isFailure = (hover: string): boolean =>
      hover.includes('polyhead.showLog') && !hover.includes('is starting');
    const said = await untilHover(editor, isFailure).finally(() => (state.over = true));
    await killing;
    assert.match(said, /^Polyhead: .*(?:signal|stopped).*\n\n\[Show Log\]\(command:polyhead\.showLog\)/);
    await run('polyhead.restartEngine');
    await untilHover(editor, (hover) => hover.includes('polyhead.replaceByHover'));
  });

  function killAtOnce(id: number): void {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has just died of the last time.
    }
  }

  async function untilHover(
    editor: vscode.TextEditor,
    isWanted: (hover: string) => boolean,
  ): Promise<string> {
    for (let tries = 0; tries < 20; tries++) {
      const hover = await hoverOver(editor, 'gespeichert');
      if (hover !== undefined && isWanted(hover)) return hover;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return assert.fail('no such hover came up');
  }

  it('of a cold engine waits a second at most', async () => {
    await run('polyhead.restartEngine');
    const polyhead = await extension().activate();
    for (const id of polyhead.engineProcessIds()) process.kill(id, 'SIGKILL');
    await until('its end', () => polyhead.engineProcessIds().length === 0);
    const editor = await edit(`${code}// Der Server antwortet nicht auf die Anfrage.\n`, 'ts');
    placeCursor(editor, 'save');
    const begun = performance.now();
    const hover = await hoverOver(editor, 'antwortet');
    const taken = performance.now() - begun;
    assert.ok(hover !== undefined);
    assert.ok(taken < 1600, `it took ${taken} ms`);
    const warm = await untilHover(editor, (other) => other.includes('polyhead.replaceByHover'));
    assert.ok(warm.length > 0);
  });
});
