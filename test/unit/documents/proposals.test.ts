/** Proposals of several files, their messages and their tabs. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Proposals } from '../../../extension/documents/proposals';
import { asDocument } from '../extension/fakeVscode';
import { collectLog } from '../extension/collectLog';
import { FakeEngine, translateAll } from './fakeServices';
import { FakeAddress, type AddressedDocument, type FakeWorkbench } from './fakeWorkbench';

vi.mock('vscode', async () => (await import('./fakeWorkbench')).fakeWorkbench());
const vscode = (await import('vscode')) as unknown as FakeWorkbench;
const { editor, workbench } = vscode;

let proposals: Proposals;

beforeEach(() => {
  workbench.documents.clear();
  workbench.tabs.length = 0;
  workbench.messages.length = 0;
  editor.visibleTextEditors.length = 0;
  proposals = new Proposals(collectLog().log);
});

afterEach(() => proposals.dispose());

/** A file, and its lines in capitals as a proposal; German ones stay. */
async function propose(name: string, text: string): Promise<AddressedDocument> {
  const document = workbench.open(`file:/${name}`, text);
  document.showIn();
  const passages = new FakeEngine().passagesOf(text);
  const { translations } = await translateAll(passages.map((passage) => passage.text));
  const replacements = passages.flatMap(({ span }, index) => {
    const translation = translations[index]!;
    return translation.alreadyInTarget ? [] : [{ span, text: translation.text }];
  });
  const whole = { source: text, version: document.version, passages, translations, replacements, unfit: 0 };
  await proposals.show(asDocument(document), whole, 'German', (file) => file);
  return document;
}

/** Presses a button of the message about a file, and waits for what comes of it. */
async function press(name: string, title: string): Promise<void> {
  workbench.messages.find(({ sentence }) => sentence.includes(name))!.press(title);
  await new Promise((resolve) => setTimeout(resolve));
}

const proposalTabs = (): string[] =>
  workbench.tabs.flatMap(({ input, label }) => (input instanceof vscode.TabInputTextDiff ? [label] : []));
const addresses = (): string[] =>
  workbench.tabs.flatMap(({ input }) =>
    input instanceof vscode.TabInputTextDiff ? [input.modified.toString()] : [],
  );

describe('the message about a proposal', () => {
  it('applies its own, also where another is in front', async () => {
    const a = await propose('a.ts', 'one');
    const b = await propose('b.ts', 'two');
    await press('a.ts', 'Apply');
    expect([a.text, b.text]).toEqual(['ONE', 'two']);
    expect(proposalTabs()).toEqual(['b.ts']);
  });

  it('discards its own, also where another is in front', async () => {
    await propose('a.ts', 'one');
    await propose('b.ts', 'two');
    await press('a.ts', 'Discard');
    expect(proposalTabs()).toEqual(['b.ts']);
  });

  it.each(['a.ts', 'b.ts'])(
    'says that there is nothing to apply where the tab of %s is closed',
    async (name) => {
      const a = await propose('a.ts', 'one');
      const b = await propose('b.ts', 'two');
      await workbench.closeTabs(workbench.tabs.filter(({ label }) => label === name));
      await press(name, 'Apply');
      expect([a.text, b.text]).toEqual(['one', 'two']);
      expect(workbench.messages.at(-1)!.sentence).toMatch(/no translation to apply/);
      expect(proposalTabs()).toHaveLength(1);
    },
  );

  it('leaves the commands to what is in front', async () => {
    const a = await propose('a.ts', 'one');
    const b = await propose('b.ts', 'two');
    await editor.commands.get('polyhead.applyProposal')!();
    expect([a.text, b.text]).toEqual(['one', 'TWO']);
  });
});

describe('a proposal', () => {
  it('is applied where only text that stays has been edited since', async () => {
    const document = await propose('a.ts', 'one\ndas Haus\ntwo');
    document.type('one\ndas '.length, 0, 'alte ');
    await press('a.ts', 'Apply');
    expect(document.text).toBe('ONE\ndas alte Haus\nTWO');
  });

  it('is not applied where what it replaces has been edited', async () => {
    const document = await propose('a.ts', 'das Haus\none');
    document.type('das Haus\n'.length + 1, 1, 'N');
    await press('a.ts', 'Apply');
    expect(document.text).toBe('das Haus\noNe');
  });

  it('has an address that none before it had, not even of another extension host', async () => {
    await propose('a.ts', 'one');
    const before = addresses();
    proposals.dispose();
    proposals = new Proposals(collectLog().log);
    await propose('a.ts', 'two');
    expect(before).toHaveLength(1);
    expect(addresses()).not.toContain(before[0]);
  });

  it('of another extension host is closed', () => {
    const at = (scheme: string): FakeAddress => FakeAddress.from({ scheme, path: '/a.ts', query: '1' });
    workbench.openTab(new vscode.TabInputTextDiff(at('file'), at('polyhead-proposal')), 'left');
    workbench.openTab(new vscode.TabInputTextDiff(at('file'), at('git')), 'other');
    proposals.dispose();
    proposals = new Proposals(collectLog().log);
    expect(proposalTabs()).toEqual(['other']);
  });
});
