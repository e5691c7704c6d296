/** The form of a new run as it is filled in. */
import { describe, expect, it } from 'vitest';
import type { Preset } from '../../../webview/training/messages';
import {
  draftOf,
  emptyDraft,
  readForm,
  withBase,
  withLanguages,
  type Draft,
} from '../../../webview/training/sidebar/draft';
import { someDetails, someForm } from '../extension/training/someRuns';

const ours = { ...someDetails, warmupSteps: 1500, peakLearningRate: 0 };
const presets: Preset[] = [
  { name: 'small', size: '', purpose: '', makeup: '', normalisation: 'pre', ours, paper: ours },
];
const draft: Draft = { ...emptyDraft(presets), from: 'en', to: 'de' };
const formOf = (filled: Draft) => {
  const read = readForm(filled);
  return 'form' in read ? read.form : read.faults;
};

describe('the draft of a run', () => {
  it('leaves the learning rate open, until one is written', () => {
    expect(draft.details['peakLearningRate']).toBe('');
    expect(formOf(draft)).toMatchObject({ details: { peakLearningRate: 0 } });
    const written = { ...draft, details: { ...draft.details, peakLearningRate: '0,002' } };
    expect(formOf(written)).toMatchObject({ details: { peakLearningRate: 0.002 } });
    const open = { ...draft, details: { ...draft.details, dropout: '' } };
    expect(formOf(open)).toEqual(new Set(['dropout']));
  });

  it('warms up shortly from a model that has learned something, unless the person says otherwise', () => {
    const model = { key: 'run:a', from: 'fr', to: 'es' };
    const tuned = withBase(draft, model, presets);
    expect(tuned).toMatchObject({ base: 'run:a', from: 'fr', to: 'es', details: { warmupSteps: '200' } });
    expect(withBase(tuned, null, presets)).toMatchObject({ base: null, details: { warmupSteps: '1500' } });
    const own = { ...draft, details: { ...draft.details, warmupSteps: '7' } };
    expect(withBase(own, model, presets)).toMatchObject({ details: { warmupSteps: '7' } });
  });

  it('takes over what another run was asked for', () => {
    const form = { ...someForm, details: { ...someDetails, peakLearningRate: 0 } };
    for (const budget of [
      someForm.budget,
      { kind: 'minutes', minutes: 2.5 },
      { kind: 'patience', patience: 3 },
    ] as const)
      expect(formOf(draftOf({ ...form, budget }, draft))).toEqual({ ...form, budget });
  });
});

const base = { key: 'm', from: 'en', to: 'de' };
const warmupOf = ({ details: { warmupSteps } }: Draft): string | undefined => warmupSteps;

describe('a draft that goes on from a model', () => {
  const tuned = withBase(emptyDraft(presets), base, presets);

  it('has its languages and a short warm-up, also the other way round', () => {
    expect(tuned).toMatchObject({ base: 'm', from: 'en', to: 'de' });
    expect(warmupOf(tuned)).toBe('200');
    const turned = withLanguages(
      withLanguages(tuned, { from: 'de' }, base, presets),
      { to: 'en' },
      base,
      presets,
    );
    expect(turned).toMatchObject({ from: 'de', to: 'en' });
    expect(warmupOf(turned)).toBe('200');
  });

  it('has the warm-up of a model from nothing for other languages, until they are the model’s again', () => {
    const french = withLanguages(tuned, { to: ' fr ' }, base, presets);
    expect(warmupOf(french)).toBe('1500');
    expect(warmupOf(withLanguages(french, { to: '' }, base, presets))).toBe('1500');
    expect(warmupOf(withLanguages(french, { to: 'de' }, base, presets))).toBe('200');
  });

  it('keeps a warm-up that the person chose', () => {
    const own = { ...tuned, details: { ...tuned.details, warmupSteps: '777' } };
    expect(warmupOf(withLanguages(own, { to: 'fr' }, base, presets))).toBe('777');
  });
});

it('a draft from nothing takes any languages', () => {
  expect(withLanguages(draft, { to: 'fr' }, undefined, presets)).toEqual({
    ...draft,
    to: 'fr',
    languagesTouched: true,
  });
});
