/** The host of the panel with curves: which runs its page is told to show, and what becomes of what it saves. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CurvesPanel, type CurvesPanelOptions } from '../../../../extension/training/curvesPanel';
import { temporaryFolder } from '../../temporaryFolder';
import { collectLog } from '../collectLog';
import { FakeUri, type FakePanels } from '../fakePanels';

const mentioned = vi.hoisted((): string[] => []);

vi.mock('vscode', async () => {
  const fake = (await import('../fakeVscode')).fakeVscode();
  const panels = (await import('../fakePanels')).fakePanels();
  const setStatusBarMessage = (sentence: string) => mentioned.push(sentence);
  return { ...fake, ...panels, window: { ...panels.window, setStatusBarMessage } };
});
const vscode = (await import('vscode')) as unknown as FakePanels;

const temporary = temporaryFolder('curves-panel');
const nothing = { dispose: () => undefined };
const trainings = {
  runs: [],
  store: { folderOf: () => '' },
  refresh: () => Promise.resolve(),
  watch: () => nothing,
  onDidChange: () => nothing,
} as unknown as CurvesPanelOptions['trainings'];

let curves: CurvesPanel;
beforeEach(() => {
  vscode.panels.length = 0;
  mentioned.length = 0;
  curves = new CurvesPanel({
    trainings,
    log: collectLog().log,
    extensionUri: FakeUri.file('/extension') as unknown as CurvesPanelOptions['extensionUri'],
  });
});

const opened = (shown: readonly string[] | null) => ({ kind: 'reply', reply: { runs: [], shown } });

describe('the runs that a command asks for', () => {
  it('are told to a new page once; after that it shows what the person has chosen', async () => {
    curves.show(['a']);
    const [panel] = vscode.panels;
    expect(await panel!.ask('open', {})).toMatchObject(opened(['a']));
    panel!.hide();
    panel!.reveal();
    expect(await panel!.ask('open', {})).toMatchObject(opened(null));
  });

  it('are told to a page in sight, and not again when it has been hidden', async () => {
    curves.show();
    const [panel] = vscode.panels;
    expect(await panel!.ask('open', {})).toMatchObject(opened(null));
    curves.show(['a', 'b']);
    expect(panel!.told).toMatchObject([{ name: 'show', value: ['a', 'b'] }]);
    panel!.hide();
    panel!.reveal();
    expect(await panel!.ask('open', {})).toMatchObject(opened(null));
  });

  it('wait for the page where it is hidden', async () => {
    curves.show();
    const [panel] = vscode.panels;
    panel!.hide();
    curves.show(['a']);
    expect(panel!.told).toEqual([]);
    expect(await panel!.ask('open', {})).toMatchObject(opened(['a']));
  });
});

it('a table is saved where the person says, and that is mentioned', async () => {
  const folder = temporary('saved');
  await mkdir(folder);
  curves.show();
  const [panel] = vscode.panels;
  const file = { format: 'csv', name: 'My run', content: Buffer.from('a,b') };
  expect(await panel!.ask('save', file)).toMatchObject({ reply: { saved: false } });
  expect(mentioned).toEqual([]);
  vscode.saveDialog.chosen = FakeUri.file(path.join(folder, 'curves.csv'));
  expect(await panel!.ask('save', file)).toMatchObject({ reply: { saved: true } });
  expect(await readFile(vscode.saveDialog.chosen.fsPath, 'utf8')).toBe('a,b');
  expect(mentioned).toEqual([`$(check) Saved ${vscode.saveDialog.chosen.fsPath}`]);
  expect(vscode.saveDialog.asked).toMatchObject([{ title: 'Save the curves' }, {}]);
});
