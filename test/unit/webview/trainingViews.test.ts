/** What the sidebar's views are made of: what is wrong can be found, what is busy keeps the keyboard. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Choices, Preset, RunSummary, SidebarTexts } from '../../../webview/training/messages';
import { Formats } from '../../../webview/training/numbers/format';
import { Histories, type RunCurves } from '../../../webview/training/numbers/histories';
import { sidebarTextNames } from '../../../webview/training/textNames';
import { emptyDraft, type Draft } from '../../../webview/training/sidebar/draft';
import type { SidebarContext, SidebarState } from '../../../webview/training/sidebar/session';
import { someDetails } from '../extension/training/someRuns';
import { buttonsNamed, markupOf, viewFile } from './markup';
import { historyPart, someRun } from './toldRuns';

type FormPage = (context: SidebarContext, draft: Draft, formats: Formats) => unknown;
const { formPage } = await viewFile<{ formPage: FormPage }>('training/sidebar/formPage');
type SamplesView = (
  ...given: [SidebarContext, RunSummary, RunCurves | undefined, at: number | null, Formats]
) => unknown;
const { samplesView } = await viewFile<{ samplesView: SamplesView }>('training/sidebar/samples');

const presets: Preset[] = [
  {
    ...{ name: 'small', size: '', purpose: '', makeup: '', normalisation: 'pre' },
    ours: someDetails,
    paper: someDetails,
  },
];
const choices: Choices = {
  ...{ corpora: [{ name: 'pairs.tsv', detail: '' }], languages: null, models: [], cataloguesObstacle: null },
};
const formats = new Formats('en');
/** Every text is its own name. */
const texts = Object.fromEntries(sidebarTextNames.map((name) => [name, name])) as SidebarTexts;
const draft: Draft = { ...emptyDraft(presets), from: 'en', to: 'de' };

function contextOf(state: Partial<SidebarState> = {}) {
  const session = { addCorpora: vi.fn(), openFaults: vi.fn(), start: vi.fn() };
  const shown = { presets, choices, estimate: { kind: 'none' }, busy: 'no', explained: new Set(), ...state };
  return { session, context: { texts, session, state: shown } as unknown as SidebarContext };
}

afterEach(() => void vi.unstubAllGlobals());

describe('the form', () => {
  it('leads to a number that is wrong, also where Details are closed', () => {
    const wrong = { ...draft, details: { ...draft.details, heads: 'many' } };
    const { session, context } = contextOf();
    const page = formPage(context, wrong, formats);
    const [link] = buttonsNamed(page, 'needNumbers');
    const field = { focus: vi.fn() };
    const querySelector = vi.fn(() => field);
    vi.stubGlobal('document', { querySelector });
    vi.stubGlobal('requestAnimationFrame', (then: () => void) => then());
    link!.press();
    expect(session.openFaults).toHaveBeenCalledOnce();
    expect(querySelector).toHaveBeenCalledWith('.new-run [aria-invalid="true"]');
    expect(field.focus).toHaveBeenCalledOnce();
    expect(markupOf(page).match(/aria-invalid=true/g)).toHaveLength(1);
    expect(buttonsNamed(formPage(contextOf().context, draft, formats), 'needNumbers')).toEqual([]);
  });

  it.each(['addFiles', 'addFolder', 'addCatalogues', 'startTraining'])(
    'does not take the keyboard from “%s” while it is at work, and does nothing twice',
    (name) => {
      const press = (state: Partial<SidebarState>) => {
        const { session, context } = contextOf(state);
        const [button] = buttonsNamed(formPage(context, draft, formats), name);
        button!.press();
        return {
          markup: button!.markup,
          calls: [...session.addCorpora.mock.calls, ...session.start.mock.calls],
        };
      };
      expect(press({}).calls).toHaveLength(1);
      const busy = press({ busy: 'adding' });
      expect(busy.calls).toEqual([]);
      expect(busy.markup).toContain('aria-disabled=true');
      expect(busy.markup).not.toContain('?disabled');
    },
  );
});

it('samples say their languages, and stand in their own direction', () => {
  const histories = new Histories();
  histories.take(historyPart(0, 1, 0, 1));
  const run = { ...someRun, from: 'en', to: 'fa' };
  const markup = markupOf(samplesView(contextOf().context, run, histories.get('a'), null, formats));
  expect(markup.match(/dir="auto"/g)).toHaveLength(3);
  // What has a direction of its own has no say in that of the sentence.
  expect(markup.match(/<bdi class="only-read">/g)).toHaveLength(3);
  expect([...markup.matchAll(/ lang=([a-z]+)>/g)].map(([, language]) => language)).toEqual([
    'en',
    'fa',
    'fa',
  ]);
});
