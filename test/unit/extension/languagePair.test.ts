import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  fits,
  languageName,
  nearest,
  pairName,
  shortName,
  swap,
  type AskedPair,
} from '../../../extension/languages/languagePair';
import type { FakeVscode } from './fakeVscode';

vi.mock('vscode', async () => (await import('./fakeVscode')).fakeVscode());
const { env } = (await import('vscode')) as unknown as FakeVscode;
afterEach(() => {
  env.language = 'en';
});

/** `en → de`, and `?` for none. */
const read = (text: string): AskedPair | undefined => {
  const [from, to] = text.split(' → ');
  return to === undefined ? undefined : { from: from!, to };
};
const written = (pair: AskedPair | undefined): string => (pair === undefined ? '?' : shortName(pair));

describe('a pair of languages', () => {
  it.each([
    ['en → de', '?', 'de → en'],
    ['en → de', 'fr → en', 'de → en'],
    ['auto → auto', '?', '?'],
    ['auto → auto', 'en → de', 'de → en'],
    ['auto → de', '?', '?'],
    ['auto → de', 'en → de', 'de → en'],
    ['en → auto', 'en → de', 'de → en'],
    // Models are of languages, whatever region is asked for.
    ['auto → zh-CN', 'en → zh', 'zh → en'],
    ['zh-CN → auto', 'zh → en', 'en → zh'],
    // What the last translation went into is not what is asked for now.
    ['auto → de', 'de → en', '?'],
    ['en → auto', 'fr → de', '?'],
  ])('is swapped: %s, after %s, becomes %s', (asked, last, swapped) => {
    expect(written(swap(read(asked)!, read(last)))).toBe(swapped);
  });

  it.each([
    ['en', 'en', 'English'],
    ['en', 'pt-BR', 'Brazilian Portuguese'],
    ['de', 'en', 'Englisch'],
    ['fr', 'de', 'Allemand'],
    ['tr', 'en', 'İngilizce'],
    // Neither settings nor editors need hold a tag that is one.
    ['en', 'xx', 'Xx'],
    ['en', 'no tag', 'no tag'],
    ['no tag', 'en', 'en'],
  ])('has names in the language of the editor (%s): %s is %s', (editor, tag, name) => {
    env.language = editor;
    expect(languageName(tag)).toBe(name);
  });

  it('says what the engine chooses', () => {
    env.language = 'en';
    const [both, source, target] = [read('auto → auto'), read('auto → de'), read('en → auto')];
    expect([both, source, target].map((pair) => pairName(pair!))).toEqual([
      'Languages detected',
      'Detected → German',
      'English → your language',
    ]);
    expect([both, source, target].map((pair) => shortName(pair!))).toEqual([
      'auto',
      'auto → de',
      'en → auto',
    ]);
  });

  it('tells which translation is one that was asked for', () => {
    const last = { from: 'en', to: 'de' };
    for (const asked of ['auto → auto', 'auto → de', 'en → auto', 'en → de'])
      expect(fits(read(asked)!, last)).toBe(true);
    expect(fits(read('auto → de-AT')!, last)).toBe(true);
    for (const asked of ['auto → en', 'fr → auto', 'fr → de', 'de → en'])
      expect(fits(read(asked)!, last)).toBe(false);
  });

  it.each([
    ['zh → en', 'zh → en'],
    ['zh-CN → en-GB', 'zh → en'],
    ['zh-TW → en', 'zh-TW → en'],
    ['auto → zh-CN', 'auto → zh'],
    ['auto → auto', 'auto'],
    ['en → tlh', '?'],
  ])('is found among others, else one of the same languages: %s is %s', (wanted, found) => {
    const pairs = ['auto → auto', 'auto → zh', 'zh → en', 'zh-TW → en'].map((pair) => read(pair)!);
    expect(written(nearest(pairs, read(wanted)!))).toBe(found);
  });
});
