import { describe, expect, it } from 'vitest';
import type { Preset } from '../../../webview/training/messages';
import { emptyDraft, withBase, withLanguages, type Draft } from '../../../webview/training/sidebar/draft';
import { someDetails } from '../extension/training/someRuns';

const details = { ...someDetails, warmupSteps: 1500 };
const presets: Preset[] = [
  { name: 'small', size: '', purpose: '', makeup: '', normalisation: 'pre', ours: details, paper: details },
];
const base = { key: 'm', from: 'en', to: 'de' };
const warmupOf = ({ details: { warmupSteps } }: Draft): string | undefined => warmupSteps;

describe('a draft that goes on from a model', () => {
  const draft = withBase(emptyDraft(presets), base, presets);

  it('has its languages and a short warm-up, also the other way round', () => {
    expect(draft).toMatchObject({ base: 'm', from: 'en', to: 'de' });
    expect(warmupOf(draft)).toBe('200');
    const turned = withLanguages(
      withLanguages(draft, { from: 'de' }, base, presets),
      { to: 'en' },
      base,
      presets,
    );
    expect(turned).toMatchObject({ from: 'de', to: 'en' });
    expect(warmupOf(turned)).toBe('200');
  });

  it('has the warm-up of a model from nothing for other languages, until they are the model’s again', () => {
    const french = withLanguages(draft, { to: ' fr ' }, base, presets);
    expect(warmupOf(french)).toBe('1500');
    expect(warmupOf(withLanguages(french, { to: '' }, base, presets))).toBe('1500');
    expect(warmupOf(withLanguages(french, { to: 'de' }, base, presets))).toBe('200');
  });

  it('keeps a warm-up that the person chose', () => {
    const own = { ...draft, details: { ...draft.details, warmupSteps: '777' } };
    expect(warmupOf(withLanguages(own, { to: 'fr' }, base, presets))).toBe('777');
  });
});

it('a draft from nothing takes any languages', () => {
  const draft = emptyDraft(presets);
  expect(withLanguages(draft, { to: 'fr' }, undefined, presets)).toEqual({
    ...draft,
    to: 'fr',
    languagesTouched: true,
  });
});
