/** The form of a new run as it is filled in. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { form as formSchema, type Preset } from '../../../webview/training/messages';
import {
  draftOf,
  emptyDraft,
  numberOf,
  readDraft,
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
  const read = readForm(filled, presets);
  return 'form' in read ? read.form : read.faults;
};

const withDetails = (details: Record<string, string>): Draft => ({
  ...draft,
  details: { ...draft.details, ...details },
});

describe('the draft of a run', () => {
  it('leaves the learning rate open, until one is written', () => {
    expect(draft.details['peakLearningRate']).toBe('');
    expect(formOf(draft)).toMatchObject({ details: { peakLearningRate: 0 } });
    expect(formOf(withDetails({ peakLearningRate: '0,002' }))).toMatchObject({
      details: { peakLearningRate: 0.002 },
    });
    expect(formOf(withDetails({ dropout: '' }))).toEqual(new Set(['dropout']));
  });

  it.each([...['10,000', '10.000', '10 000', '10\u00a0000', '10\u202f000', '10’000', "10'000", ' 10000 ']])(
    'takes “%s” for ten thousand',
    (written) => {
      expect(numberOf('steps', written)).toBe(10_000);
    },
  );

  it('takes whole numbers as they are written, and none that is written otherwise', () => {
    expect(numberOf('dModel', '4,096')).toBe(4096);
    expect(numberOf('steps', '1.234.567')).toBe(1_234_567);
    expect(numberOf('seed', '0')).toBe(0);
    for (const written of ['1,00', '10,00', '1,000.000', '1000,000', '0,500', '12.5', '1e4', '-5', ''])
      expect(numberOf('steps', written), written).toBeUndefined();
    expect(numberOf('minutes', '2,5')).toBe(2.5);
    expect(numberOf('clipNorm', '12.5')).toBe(12.5);
  });

  it('that was kept from before there were some numbers has the usual ones', () => {
    const kept = Object.entries(draft.details).filter(([name]) => name !== 'rDrop' && name !== 'dropout');
    const read = readDraft({ ...draft, details: { ...Object.fromEntries(kept), heads: '8' } }, presets)!;
    expect(read.details).toEqual({ ...draft.details, heads: '8' });
    expect(readDraft({ ...draft, details: null }, presets)).toBeUndefined();
  });

  it('warms up shortly from a model that has learned something, unless the person says otherwise', () => {
    const model = { key: 'run:a', from: 'fr', to: 'es' };
    const tuned = withBase(draft, model, presets);
    expect(tuned).toMatchObject({ base: 'run:a', from: 'fr', to: 'es', details: { warmupSteps: '200' } });
    expect(withBase(tuned, null, presets)).toMatchObject({ base: null, details: { warmupSteps: '1500' } });
    expect(withBase(withDetails({ warmupSteps: '7' }), model, presets)).toMatchObject({
      details: { warmupSteps: '7' },
    });
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

it('a draft of what an old run was asked for has every number', () => {
  const { subwordDropout, rDrop, ...older } = someDetails;
  const form = v.parse(formSchema, { ...someForm, details: older });
  const changed = withDetails({ subwordDropout: '0.3', rDrop: '5' });
  expect([subwordDropout, rDrop]).toEqual([0, 0]);
  expect(formOf(draftOf(form, changed))).toEqual(someForm);
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

  it('has sizes that nobody is asked for: a wrong one is no fault until it is shown', () => {
    const wrong = withDetails({ dModel: '', vocabularySize: '1234' });
    expect(formOf(withBase(wrong, base, presets))).toMatchObject({
      details: { dModel: ours.dModel, vocabularySize: 1234 },
    });
    expect(formOf(wrong)).toEqual(new Set(['dModel']));
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
