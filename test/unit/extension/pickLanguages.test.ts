/** “Pick Languages” and “Swap Languages”, with the models that an engine says it has. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engines } from '../../../extension/engine/engines';
import { Languages } from '../../../extension/languages/languages';
import { registerLanguageCommands } from '../../../extension/languages/pickLanguages';
import { collectLog } from './collectLog';
import type { FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => ({
  ...(await import('./fakeVscode')).fakeVscode(),
  QuickPickItemKind: { Separator: -1 },
}));
const { editor, window, workspace } = (await import('vscode')) as unknown as FakeVscode;

/** What the last list showed as chosen. */
let ticked: string[] = [];
Object.assign(window, {
  async showQuickPick(items: Promise<{ label: string; description?: string }[]>) {
    const chosen = (await items).filter(({ description }) => description?.includes('$(check)'));
    ticked = chosen.map(({ label }) => label);
  },
});
Object.assign(workspace, {
  getConfiguration: () => ({
    get: (id: string) => editor.configuration.get(id),
    inspect: () => undefined,
    update: (id: string, value: unknown) => Promise.resolve(void editor.configuration.set(id, value)),
  }),
});

const languages = new Languages();
const pair = (from: string, to: string) => ({ from, to, name: `${from}-${to}` });
const pairs = [pair('en', 'de'), pair('de', 'en'), pair('en', 'zh'), pair('zh', 'en')];
registerLanguageCommands(
  languages,
  { pairs: () => Promise.resolve(pairs) } as unknown as Engines,
  collectLog().log,
);

const ask = (from: string, to: string): void => {
  editor.configuration.set('polyhead.sourceLanguage', from);
  editor.configuration.set('polyhead.targetLanguage', to);
};

describe('the commands for languages', () => {
  beforeEach(() => {
    editor.configuration.clear();
    editor.said.length = 0;
  });

  it.each([
    ['en', 'de', 'English → German'],
    ['en', 'zh-CN', 'English → Chinese'],
    ['auto', 'zh-TW', 'Detect → Chinese'],
    ['auto', 'auto', 'Detect both'],
    ['en', 'tlh', undefined],
  ])('tick what is asked for, or serves it: %s, %s', async (from, to, label) => {
    ask(from, to);
    await editor.commands.get('polyhead.pickLanguages')!();
    expect(ticked).toEqual(label === undefined ? [] : [label]);
  });

  it.each([
    ['en', 'de', 'de → en'],
    ['en-GB', 'zh-CN', 'zh → en'],
  ])('swap into a pair that there is a model for: %s, %s', async (from, to, swapped) => {
    ask(from, to);
    await editor.commands.get('polyhead.swapLanguages')!();
    expect(editor.said).toEqual([]);
    const asked = languages.asked();
    expect(`${asked.from} → ${asked.to}`).toBe(swapped);
  });

  it('say that there is no model', async () => {
    ask('en', 'tlh');
    await editor.commands.get('polyhead.swapLanguages')!();
    expect(editor.said).toEqual([expect.stringMatching(/^There is no model for Klingon → English\./)]);
    expect(languages.asked()).toEqual({ from: 'en', to: 'tlh' });
  });
});
