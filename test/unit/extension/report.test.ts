import { describe, expect, it, vi } from 'vitest';
import type { TranslatedSegment, Translation } from '../../../models/engine/protocol';
import {
  isTranslated,
  reportOn,
  uncertainBelow,
  whyLeft,
  whyUnchanged,
  type Report,
} from '../../../extension/translate/report';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());

type Segment = 'cut' | 'sure' | 'unsure' | 'uncalibrated' | 'left';
const confidences: Record<Segment, number | undefined> = {
  sure: uncertainBelow,
  unsure: uncertainBelow - 0.01,
  uncalibrated: undefined,
  left: 0,
  cut: uncertainBelow,
};

function translation(segments: Segment[], more: Partial<Translation> = {}): Translation {
  const told = segments.map((segment): TranslatedSegment => {
    const confidence = confidences[segment];
    return {
      start: 0,
      end: 1,
      left: segment === 'left',
      ...(segment === 'cut' && { truncated: true }),
      ...(confidence === undefined ? {} : { confidence }),
    };
  });
  const base = { text: '', from: 'en', to: 'de', alreadyInTarget: false, masked: false };
  return { ...base, segments: told, ...more };
}

const already = translation([], { alreadyInTarget: true });

describe('a report', () => {
  it.each<[string, Translation[]]>([
    ['all is sure', [translation(['sure', 'sure'])]],
    ['nothing is known of it', [translation(['uncalibrated'])]],
    ['a mask had to act', [translation(['sure'], { masked: true })]],
  ])('says nothing when %s', (_, translations) => {
    expect(reportOn(translations, [])).toBeUndefined();
  });

  it.each<[string, Translation[], ('noLetters' | 'codeLine')[], Report]>([
    [
      'which texts hold uncertain sentences',
      [translation(['sure']), translation(['unsure', 'sure', 'unsure'])],
      [],
      {
        sentence: 'Uncertain: 2 of 4 sentences. Look them over.',
        serious: true,
        uncertain: [1],
        tooUncertain: false,
      },
    ],
    [
      'what was left as too uncertain, and that alone',
      [translation(['left', 'sure'])],
      [],
      {
        sentence: 'Left untranslated, as too uncertain: 1 of 2 sentences.',
        serious: true,
        uncertain: [],
        tooUncertain: true,
      },
    ],
    [
      'what was cut',
      [translation(['sure', 'cut', 'sure']), translation(['sure'])],
      [],
      {
        sentence: 'Cut, since the translation grew too long: 1 of 4 sentences.',
        serious: true,
        uncertain: [],
        tooUncertain: false,
      },
    ],
    [
      'that the only text is in the target language',
      [already],
      [],
      {
        sentence: 'The text is in the target language already (German).',
        serious: false,
        uncertain: [],
        tooUncertain: false,
      },
    ],
    [
      'all of it in one message',
      [translation(['unsure', 'left']), already],
      ['noLetters'],
      {
        sentence:
          'Uncertain: 1 of 2 sentences. Look them over. Left untranslated, as too uncertain: 1 of 2 sentences. ' +
          'In the target language already (German): 1 of 2 texts. ' +
          'Without words, and left as they are: 1 of 3 selections.',
        serious: true,
        uncertain: [0],
        tooUncertain: true,
      },
    ],
  ])('says %s', (_, translations, left, report) => {
    expect(reportOn(translations, left)).toEqual(report);
  });

  it('says what was left since its translation would have broken it', () => {
    const translations = [translation(['sure']), translation(['sure'])];
    expect(reportOn(translations, [], 1)).toEqual({
      sentence:
        'Left as they were, since the translation lost or moved something that must stay, as a link or a value: 1 of 2 texts.',
      serious: true,
      uncertain: [],
      tooUncertain: false,
    });
  });

  it('says what no model translates', () => {
    const foreign = translation([], { withoutModel: true });
    expect(reportOn([foreign, translation(['sure'])], [])).toMatchObject({
      sentence: 'Left as they were, since no model translates their language: 1 of 2 texts.',
      serious: true,
    });
    expect(isTranslated(foreign)).toBe(false);
  });

  it.each<[string, Translation, boolean]>([
    ['a text with a translated sentence', translation(['left', 'sure']), true],
    ['a text whose sentences were all left', translation(['left']), false],
    ['a text in the target language', already, false],
    ['a text without sentences', translation([]), false],
  ])('takes as translated, or not: %s', (_, text, translated) => {
    expect(isTranslated(text)).toBe(translated);
  });

  it('says why nothing was tried: code before all', () => {
    expect(whyLeft(['noLetters'], 0)).toMatch(/^There are no words here to translate: select/);
    expect(whyLeft(['noLetters', 'codeLine'], 0)).toMatch(
      /^There is code at the cursor and no comment.* [Ss]elect the text/,
    );
  });

  it.each([
    ['changed', /changed while .* Translate it once more\.$/],
    ['closed', /closed .* nothing in it was changed\.$/],
    ['readOnly', /read-only.* can be copied\.$/],
    ['same', /same as the text; nothing was changed\.$/],
  ] as const)('says why a document was not changed: %s', (refusal, sentence) => {
    expect(whyUnchanged(refusal)).toMatch(sentence);
  });
});
