/** The attention panel’s host: that a page is shown what the person asked for, whatever happens meanwhile. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AttentionPanels, type AttentionServices } from '../../../extension/attention/attentionPanel';
import { EngineError } from '../../../extension/engine/engineError';
import type { LanguagePair } from '../../../models/engine/protocol';
import { collectLog } from './collectLog';
import { FakeUri, type FakePanels } from './fakePanels';

vi.mock('vscode', async () => ({
  ...(await import('./fakeVscode')).fakeVscode(),
  ...(await import('./fakePanels')).fakePanels(),
}));
const vscode = (await import('vscode')) as unknown as FakePanels;

type Models = Promise<LanguagePair[]>;
let list: () => Models;
let panels: AttentionPanels;

beforeEach(() => {
  vscode.panels.length = 0;
  list = () => Promise.resolve([]);
  panels = new AttentionPanels({
    engines: { models: () => list() } as unknown as AttentionServices['engines'],
    languages: {} as unknown as AttentionServices['languages'],
    log: collectLog().log,
    extensionUri: FakeUri.file('/extension') as unknown as AttentionServices['extensionUri'],
  });
});

/** An engine that lists its models when the test says so. */
function slowList(): (models?: LanguagePair[] | Error) => void {
  let settle: (models?: LanguagePair[] | Error) => void = () => undefined;
  const listed: Models = new Promise((resolve, reject) => {
    settle = (models = []) => (models instanceof Error ? reject(models) : resolve(models));
  });
  list = () => listed;
  return settle;
}

const started = (shown: object | null) => ({ kind: 'reply', reply: { shown, models: [] } });

describe('the text that the panel is opened with', () => {
  it('is told once', async () => {
    panels.show({ text: 'first' });
    const [panel] = vscode.panels;
    expect(await panel!.ask('start', {})).toMatchObject(started({ text: 'first' }));
    expect(await panel!.ask('start', {})).toMatchObject(started(null));
  });

  it('is still there when the models could not be listed at first', async () => {
    panels.show({ text: 'first' });
    const [panel] = vscode.panels;
    list = () => Promise.reject(new EngineError('cancelled', 'The engine is being closed.'));
    expect(await panel!.ask('start', {})).toMatchObject({ kind: 'failure', code: 'cancelled' });
    list = () => Promise.resolve([]);
    expect(await panel!.ask('start', {})).toMatchObject(started({ text: 'first' }));
  });

  it('gives way to another one that is told while the models are listed', async () => {
    const settle = slowList();
    panels.show({ text: 'first' });
    const [panel] = vscode.panels;
    const reply = panel!.ask('start', {});
    panels.show({ text: 'second' });
    settle();
    expect(await reply).toMatchObject(started(null));
    expect(panel!.told).toMatchObject([{ name: 'shown', value: { text: 'second' } }]);
  });

  it('waits for the page that comes after one which was hidden meanwhile', async () => {
    const settle = slowList();
    panels.show({ text: 'first' });
    const [panel] = vscode.panels;
    void panel!.ask('start', {});
    panel!.hide();
    settle();
    // The handler of the page that is gone has its turn first.
    await new Promise((resolve) => setImmediate(resolve));
    panels.show(undefined);
    expect(await panel!.ask('start', {})).toMatchObject(started({ text: 'first' }));
  });

  it('is told to the page that is in sight, not to one that was before it', async () => {
    const settle = slowList();
    panels.show({ text: 'first' });
    const [panel] = vscode.panels;
    void panel!.ask('start', {});
    panel!.hide();
    panel!.reveal();
    const reply = panel!.ask('start', {});
    settle();
    expect(await reply).toMatchObject(started({ text: 'first' }));
  });

  it('is the last one, where several are asked for while the panel is hidden', async () => {
    panels.show({ text: 'first' });
    const [panel] = vscode.panels;
    panel!.hide();
    panels.show({ text: 'second' });
    expect(panel!.told).toEqual([]);
    expect(await panel!.ask('start', {})).toMatchObject(started({ text: 'second' }));
  });
});

it('a file that is saved is told to the page, and one that is not', async () => {
  panels.show(undefined);
  const [panel] = vscode.panels;
  const file = { name: 'attention', format: 'svg', content: '<svg/>' };
  expect(await panel!.ask('save', file)).toMatchObject({ reply: { saved: false } });
  expect(vscode.saveDialog.asked).toMatchObject([{ title: 'Save the attention' }]);
});
