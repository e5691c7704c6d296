/** The sidebar’s session: when it reckons, what it lets go of, and what it tells when something ends. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageBus } from '../../../webview/components/messageBus';
import { sidebarDoor, type Choices, type Preset, type RunSummary } from '../../../webview/training/messages';
import { emptyDraft, withBase, type Draft } from '../../../webview/training/sidebar/draft';
import { SidebarSession } from '../../../webview/training/sidebar/session';
import { someDetails } from '../extension/training/someRuns';
import { PlayedHost } from './playedHost';
import { someRun as run } from './toldRuns';

const ours = { ...someDetails, warmupSteps: 1500 };
const presets: Preset[] = [
  { name: 'small', size: '', purpose: '', makeup: '', normalisation: 'pre', ours, paper: ours },
];
const choices: Choices = {
  corpora: [{ name: 'pairs.tsv', detail: '' }],
  languages: { from: 'en', to: 'de' },
  models: [
    { key: 'model:a', name: 'A', from: 'en', to: 'de' },
    { key: 'model:b', name: 'B', from: 'fr', to: 'es' },
  ],
  cataloguesObstacle: null,
};
const estimate = { facts: [], warnings: [], summary: 'About an hour' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(draft?: Draft): { host: PlayedHost; session: SidebarSession } {
  const host = new PlayedHost({ draft });
  const bus = new MessageBus(host, sidebarDoor, 'That was not understood.');
  const session = new SidebarSession(bus, host, () => undefined);
  void session.open();
  return { host, session };
}

/** A form that can be sent, before anything has been reckoned. */
async function opened(runs: readonly RunSummary[] = []) {
  const page = open();
  await page.host.reply('open', { presets, choices, runs });
  await page.host.reply('watch', null);
  return page;
}

/** Longer than the form waits before it has anything reckoned. */
const pause = () => vi.advanceTimersByTimeAsync(2000);

describe('an estimate', () => {
  it('comes once the person pauses', async () => {
    const { host, session } = await opened();
    await pause();
    await host.reply('estimate', estimate);
    expect(session.state.estimate).toEqual({ kind: 'done', estimate });
    session.change({ name: 'Another name' });
    await pause();
    expect(host.asked('estimate')).toHaveLength(1);
  });

  it('is not begun beside a training that has just begun', async () => {
    const { host, session } = await opened();
    session.change({ name: 'A run' });
    void session.start();
    await host.tell('runs', [run]);
    await host.reply('start', { run: run.id });
    await host.reply('watch', null);
    await pause();
    expect(session.state).toMatchObject({ shown: run.id, busy: 'no', draft: { name: '' } });
    expect(host.asked('estimate')).toEqual([]);
  });

  it('is not begun while a training is about to begin, and comes where it does not', async () => {
    const { host, session } = await opened();
    void session.start();
    await host.tell('choices', { ...choices, models: [] });
    await pause();
    expect(host.asked('estimate')).toEqual([]);
    await host.refuse('start', 'user', 'There is no room.');
    await pause();
    expect(session.state.failure).toBe('There is no room.');
    expect(host.waiting('estimate')).toBe(1);
  });

  it('ends when a run is shown, and is begun again for the form', async () => {
    const { host, session } = await opened();
    await host.tell('runs', [{ ...run, state: 'finished' }]);
    await pause();
    expect(host.waiting('estimate')).toBe(1);
    void session.show(run.id);
    expect(host.waiting('estimate')).toBe(0);
    void session.show(null);
    await pause();
    expect(host.waiting('estimate')).toBe(1);
    session.change({ preset: 'small', budgetKind: 'steps' });
    void session.show(run.id);
    await pause();
    expect(host.asked('estimate')).toHaveLength(2);
  });

  it('that was made stays with its form', async () => {
    const { host, session } = await opened();
    await host.tell('runs', [run]);
    await pause();
    await host.reply('estimate', estimate);
    void session.show(run.id);
    void session.show(null);
    await pause();
    expect(session.state.estimate).toEqual({ kind: 'done', estimate });
    expect(host.asked('estimate')).toHaveLength(1);
  });
});

describe('the view', () => {
  it('says so when the engine was restarted while it opened, and opens when it is tried again', async () => {
    const { host, session } = open();
    await host.refuse('open', 'cancelled', 'The engine is being closed.');
    expect(session.state).toMatchObject({ draft: undefined, failure: 'The engine is being closed.' });
    void session.open();
    expect(session.state.failure).toBeNull();
    await host.reply('open', { presets, choices, runs: [] });
    expect(session.state).toMatchObject({ failure: null, draft: { from: 'en', to: 'de' } });
  });
});

describe('the form', () => {
  it('opens Details where a number in there is wrong', async () => {
    const { session } = await opened();
    session.openFaults();
    session.change({ budgetKind: 'steps', budgets: { minutes: '', steps: 'many', patience: '' } });
    session.openFaults();
    expect(session.state.draft?.detailsOpen).toBe(false);
    session.setDetail('heads', 'many');
    session.openFaults();
    expect(session.state.draft?.detailsOpen).toBe(true);
  });

  it('that was kept from before there were some numbers can be sent', async () => {
    const { rDrop, subwordDropout, ...details } = emptyDraft(presets).details;
    const { host, session } = open({ ...emptyDraft(presets), name: 'Kept', details });
    await host.reply('open', { presets, choices, runs: [] });
    expect(session.state.draft).toMatchObject({ name: 'Kept', details: { rDrop, subwordDropout } });
    void session.start();
    expect(host.asked('start')).toHaveLength(1);
  });
});

describe('the model to go on from', () => {
  const draft = withBase(emptyDraft(presets), { key: 'model:b', from: 'fr', to: 'es' }, presets);

  it('is the one that was chosen, wherever it stands in the list', async () => {
    const { host, session } = open(draft);
    await host.reply('open', { presets, choices, runs: [] });
    expect(session.state.draft).toEqual(draft);
  });

  it('is none where it is not there any more', async () => {
    const { host, session } = open(draft);
    const models = choices.models.slice(0, 1);
    await host.reply('open', { presets, choices: { ...choices, models }, runs: [] });
    const without = { base: null, from: 'fr', to: 'es', details: { warmupSteps: '1500' } };
    expect(session.state.draft).toMatchObject(without);
    expect(host.kept).toMatchObject({ draft: without });
  });

  it('is none when it goes', async () => {
    const { host, session } = open(draft);
    await host.reply('open', { presets, choices, runs: [] });
    await host.tell('choices', { ...choices, models: [] });
    expect(session.state.draft?.base).toBeNull();
  });
});
