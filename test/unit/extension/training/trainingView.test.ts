/** The sidebar’s host: what its page hears of work that has ended before its time. */
import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../../extension/engine/engineError';
import { TrainingView, type TrainingViewOptions } from '../../../../extension/training/trainingView';
import { collectLog } from '../collectLog';
import { FakePanel, FakeUri } from '../fakePanels';

vi.mock('vscode', async () => ({
  ...(await import('../fakeVscode')).fakeVscode(),
  ...(await import('../fakePanels')).fakePanels(),
}));

const nothing = { dispose: () => undefined };
const noChoices = { corpora: [], languages: null, cataloguesObstacle: null };

/** A view in which each work ends with an error. */
function open(error: EngineError): FakePanel {
  const fail = () => Promise.reject(error);
  const page = Object.assign(new FakePanel(), { onDidChangeVisibility: () => nothing });
  const view = new TrainingView({
    extensionUri: FakeUri.file('/extension'),
    engines: { onDidChangeModels: () => nothing, work: fail, models: fail },
    trainings: { watch: () => nothing, onDidChange: () => nothing, refresh: fail, stored: [] },
    actions: { use: fail, pause: fail },
    corpora: { choices: noChoices, pick: fail, collectCatalogues: fail },
    log: collectLog().log,
  } as unknown as TrainingViewOptions);
  type Resolve = Parameters<TrainingView['resolveWebviewView']>;
  view.resolveWebviewView(...([page, {}, {}] as unknown as Resolve));
  return page;
}

const cancelled = new EngineError('cancelled', 'The translation was cancelled.');
const use = { run: 'a', action: 'use' };
const collect = { from: 'catalogues', languages: null };

describe('what was cancelled', () => {
  it('is no failure where a notification tells of it, in which the person has cancelled it', async () => {
    const page = open(cancelled);
    expect(await page.ask('addCorpora', collect)).toMatchObject({ kind: 'reply', reply: noChoices });
    expect(await page.ask('act', use)).toMatchObject({ kind: 'reply', reply: null });
  });

  it.each([
    ['open', {}],
    ['addCorpora', { from: 'files', languages: null }],
    ['act', { run: 'a', action: 'pause' }],
  ])('is one of “%s”, which nobody else tells of', async (method, parameters) => {
    expect(await open(cancelled).ask(method, parameters)).toMatchObject({
      kind: 'failure',
      code: 'cancelled',
      message: 'The translation was cancelled.',
    });
  });
});

it.each([
  ['addCorpora', collect],
  ['act', use],
])('what has failed in “%s” is told', async (method, parameters) => {
  const failed = new EngineError('user', 'There is no room on the disk.');
  expect(await open(failed).ask(method, parameters)).toMatchObject({ kind: 'failure', code: 'user' });
});
