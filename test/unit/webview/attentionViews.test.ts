/** What the attention page's views are made of: languages are told, and the focus goes on where a button goes away. */
import { describe, expect, it, vi } from 'vitest';
import type { AttentionTexts, Observation, Segment } from '../../../webview/attention/messages';
import type { SessionState, Slot } from '../../../webview/attention/session';
import { attentionTextNames } from '../../../webview/attention/textNames';
import { initialView, type ViewState } from '../../../webview/attention/viewState';
import { buttonsNamed, markupOf, viewFile } from './markup';
import { someObservation } from './someObservation';

// Views bring their elements with them.
vi.stubGlobal('HTMLElement', Object);
vi.stubGlobal('customElements', { define: () => undefined });

type View = (context: object, ...given: readonly unknown[]) => unknown;
const { pageView } = await viewFile<{ pageView: View }>('attention/views/page');
const { sentenceView } = await viewFile<{ sentenceView: View }>('attention/views/sentence');
const { tokensView, alternativesView } = await viewFile<{ tokensView: View; alternativesView: View }>(
  'attention/views/tokens',
);
const { tableView } = await viewFile<{ tableView: View }>('attention/views/tableView');
const { openHead } = await viewFile<{ openHead: (...given: readonly unknown[]) => void }>(
  'attention/views/openHead',
);
const { walkView } = await viewFile<{ walkView: View }>('attention/views/walkView');

/** Every text is its own name. */
const texts = Object.fromEntries(attentionTextNames.map((name) => [name, name])) as AttentionTexts;
const [some] = someObservation.segments as [Segment];
const alternative = (text: string) => ({ text, score: -1 });
const observation: Observation = {
  ...someObservation,
  from: 'en',
  to: 'ar',
  segments: [{ ...some, alternatives: [alternative('a'), alternative('b')] }],
};
const slot: Slot = {
  ...{ text: 'a', observation, own: observation, busy: false, failure: null },
  weights: new Map([
    ['0/cross/0', { heads: 1, queries: 1, keys: 1, weights: Float32Array.of(1) }],
    ['0/cross/1', { heads: 1, queries: 1, keys: 1, weights: Float32Array.of(1) }],
  ]),
  walks: new Map(),
};

function contextOf(view: Partial<ViewState>, ...slots: readonly Slot[]) {
  const session = { choose: vi.fn(), type: vi.fn(), force: vi.fn(), retry: vi.fn(() => Promise.resolve()) };
  const focusOn = vi.fn();
  const state: SessionState = { view: { ...initialView, ...view }, models: [], slots, started: true };
  const look = { theme: {}, labels: { size: 13, widthOf: () => 9 }, headColour: () => [0, 0, 0] };
  const shown = { look, stops: new Map(), told: new Map(), pointed: null };
  return { session, focusOn, context: { texts, session, focusOn, state, ...shown } };
}

/** What clicks do, in the order of the buttons. */
function clicksOf(part: unknown): (() => void)[] {
  if (Array.isArray(part)) return part.flatMap(clicksOf);
  if (typeof part !== 'object' || part === null || !('strings' in part && 'values' in part)) return [];
  const { strings, values } = part as { strings: readonly string[]; values: readonly unknown[] };
  return values.flatMap((value, at) =>
    strings[at]!.endsWith('@click=') ? [value as () => void] : clicksOf(value),
  );
}

describe('the language of a text', () => {
  it('is told where it stands, and which way it is written', () => {
    const { context } = contextOf({ text: 'a' }, slot);
    const fields = markupOf(sentenceView(context)).match(/dir="auto"\s+lang=\w+/g);
    expect(fields?.map((field) => field.split(/\s+/))).toEqual([
      ['dir="auto"', 'lang=en'],
      ['dir="auto"', 'lang=ar'],
    ]);
    const strips = markupOf(tokensView(context, slot, some, 0)).match(/lang=\w+\s+dir=\w+/g);
    expect(strips?.map((strip) => strip.split(/\s+/))).toEqual([
      ['lang=en', 'dir=ltr'],
      ['lang=ar', 'dir=rtl'],
    ]);
    expect(markupOf(alternativesView(context, slot)).match(/lang=ar\s+dir="auto"/g)).toHaveLength(2);
    const comparing = markupOf(pageView(contextOf({ text: 'a', view: 'table' }, slot, slot).context));
    expect(comparing.match(/slot-translation" lang=ar dir="auto"/g)).toHaveLength(2);
  });
});

describe('what a model does not have', () => {
  it('is said of heads, and nothing is shown in their place', () => {
    const few = { ...slot, observation: { ...observation, heads: 1 } };
    const page = markupOf(
      pageView(contextOf({ text: 'a', view: 'heads', layer: 0, heads: [6] }, few).context),
    );
    expect(page).toContain('noSuchHeads');
    expect(page).not.toContain('attention-lines');
  });

  it('is said of no answer, and an older one is not shown as it', () => {
    const failed = { ...slot, text: '', observation: null, failure: 'Oh.' };
    const page = markupOf(pageView(contextOf({ text: 'b' }, failed).context));
    expect(page).toContain('Oh.');
    expect(page).not.toContain('pairShown');
  });

  it('is said of sentences in the words that were observed', () => {
    const sentences = { ...observation, segments: [some, { ...some, source: { start: 1, end: 4 } }] };
    const { context } = contextOf({ text: 'typed' }, { ...slot, text: 'a one', observation: sentences });
    const named = { ...context, texts: { ...texts, sentenceOption: '{0}: {1}' } };
    expect(markupOf(sentenceView(named))).toContain('2: on');
  });
});

describe('the focus', () => {
  it('goes on to the picture of the head that was opened', () => {
    const { session, focusOn, context } = contextOf({ view: 'table' }, slot, slot);
    buttonsNamed(tableView(context, slot, 1), 'headCell')[0]!.press();
    expect(session.choose).toHaveBeenCalledWith({ view: 'alignment', layer: 0, heads: [0] });
    expect(focusOn).toHaveBeenCalledWith('.slot:nth-child(2) attention-matrix', '#shown');
    openHead(context, 0, 1, 2);
    expect(session.choose).toHaveBeenLastCalledWith({ view: 'alignment', layer: 1, heads: [2] });
    expect(focusOn).toHaveBeenLastCalledWith('.slot:nth-child(1) attention-matrix', '#shown');
  });

  it('goes on to the text, where an example is tried', () => {
    const { session, focusOn, context } = contextOf({}, { ...slot, observation: null });
    clicksOf(pageView(context)).at(-1)!();
    expect(session.type).toHaveBeenCalledWith('exampleSentence');
    expect(focusOn).toHaveBeenCalledWith('#text');
  });

  it('goes on to the translation, where the model’s own comes back', () => {
    const { session, focusOn, context } = contextOf({ text: 'a', target: 'b' }, slot);
    buttonsNamed(sentenceView(context), 'ownTranslation')[0]!.press();
    expect(session.force).toHaveBeenCalledWith(null, 'now');
    expect(focusOn).toHaveBeenCalledWith('#translation');
  });

  it.each([
    ['#shown', 'a'],
    ['#text', ''],
  ])('goes on to %s, where “%s” is tried again', (place, text) => {
    const { session, focusOn, context } = contextOf({ text }, { ...slot, observation: null, failure: 'Oh.' });
    clicksOf(pageView(context)).at(-1)!();
    expect(session.retry).toHaveBeenCalledOnce();
    expect(focusOn).toHaveBeenCalledWith(place);
  });

  it('stays on a step button that leads no further', () => {
    for (const [step, expected] of [
      [0, ['true', 'false']],
      [7, ['false', 'true']],
    ] as const) {
      const walk = { ...initialView.walk, step };
      const { session, context } = contextOf({ text: 'a', view: 'walk', walk }, slot);
      const view = walkView(context, slot, some);
      const buttons = markupOf(view).match(/aria-disabled=\w+/g);
      expect(buttons).toEqual(expected.map((value) => `aria-disabled=${value}`));
      expect(markupOf(view)).not.toContain('?disabled');
      clicksOf(view).at(expected[0] === 'true' ? -2 : -1)!();
      expect(session.choose).not.toHaveBeenCalled();
    }
  });
});
