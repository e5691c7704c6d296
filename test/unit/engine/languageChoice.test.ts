import { describe, expect, it } from 'vitest';
import { chooseLanguages, type LanguageRequest } from '../../../models/engine/languageChoice';
import { automatic, type LanguagePair } from '../../../models/engine/protocol';
import type { LanguageDetector } from '../../../models/text/languageDetection';
import { UserError } from '../../../models/userError';

const pair = (from: string, to: string): LanguagePair => ({ from, to, folder: `/m/${from}-${to}`, name: '' });
const named = (pairs: string): LanguagePair[] =>
  pairs.split(' ').map((name) => pair(...(name.split('>') as [string, string])));

/**
 * Texts of the form `de de en` are in the language that most of their words name; a draw, or a word such as `?`, is
 * doubtful. Asked about other candidates than the language, it has no answer.
 */
const detect: LanguageDetector = (text, candidates) => {
  const counts = new Map<string, number>();
  for (const word of text.split(/\s+/)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined || !candidates.includes(first[0])) return undefined;
  return { language: first[0], reliable: first[1] > (second?.[1] ?? 0) };
};

/**
 * What is chosen for each text: `en>de`, with `=` where there is nothing to translate, and `-` where no model does.
 */
function choose(pairs: string, request: Partial<LanguageRequest> & { texts: string[] }): string[] {
  const whole = { from: automatic, to: automatic, preferredTarget: 'en', ...request };
  return chooseLanguages(whole, named(pairs), ['/m'], detect).map(
    ({ pair: { from, to }, alreadyInTarget, withoutModel }) =>
      `${alreadyInTarget ? '=' : ''}${withoutModel ? '-' : ''}${from}>${to}`,
  );
}

const offered = 'Choose a pair that has one: ';

describe('from one language to another', () => {
  const fixed = { from: 'en', to: 'de' };

  it('is that pair, for what is in neither language and what is in doubt too', () => {
    expect(choose('en>fr en>de', { ...fixed, texts: ['en', 'fr', '?', '', 'en de'] })).toEqual(
      Array.from({ length: 5 }, () => 'en>de'),
    );
  });

  it('spares what is surely in the target language', () => {
    expect(choose('en>de', { ...fixed, texts: ['de', 'en', 'de en'] })).toEqual(['=en>de', 'en>de', 'en>de']);
  });

  it('detects nothing between two forms of one language', () => {
    const texts = ['pt'];
    expect(choose('pt-PT>pt-BR', { from: 'pt-PT', to: 'pt-BR', texts })).toEqual(['pt-PT>pt-BR']);
  });

  it('takes the language as a whole where there is nothing for its region', () => {
    const texts = ['?'];
    expect(choose('en>zh en>zh-TW', { from: 'en-GB', to: 'zh-CN', texts })).toEqual(['en>zh']);
    expect(choose('en>zh en>zh-TW', { from: 'en', to: 'zh-TW', texts })).toEqual(['en>zh-TW']);
    expect(choose('de>en en>zh', { from: automatic, to: 'zh-cn', texts: ['en'] })).toEqual(['en>zh']);
  });

  it('names the pairs that there are', () => {
    expect(() => choose('en>de de>en', { from: 'en', to: 'ja', texts: ['en'] })).toThrow(
      new UserError(`There is no model that translates en → ja. ${offered}en → de, de → en.`),
    );
    expect(() => chooseLanguages({ ...fixed, preferredTarget: 'en', texts: [] }, [], ['/m'], detect)).toThrow(
      new UserError('No translation model was found in /m.'),
    );
  });
});

describe('from any language', () => {
  it('takes each text’s own', () => {
    expect(choose('en>de fr>de de>fr', { to: 'de', texts: ['en', 'fr', 'de'] })).toEqual([
      'en>de',
      'fr>de',
      '=en>de',
    ]);
  });

  it('lets a text in doubt follow all of them together', () => {
    expect(choose('en>de fr>de', { to: 'de', texts: ['?', 'fr fr', '', 'en'] })).toEqual([
      'fr>de',
      'fr>de',
      'fr>de',
      'en>de',
    ]);
    expect(choose('en>de', { to: 'de', texts: ['?', 'de de'] })).toEqual(['=en>de', '=en>de']);
  });

  it('takes the first pair to the target where all are in doubt', () => {
    expect(choose('de>en fr>de en>de', { to: 'de', texts: ['?', 'en fr'] })).toEqual(['fr>de', 'fr>de']);
    expect(choose('de>fr de>en', { texts: ['?'] })).toEqual(['de>en']);
    expect(choose('de>fr de>en', { preferredTarget: 'ja', texts: ['?'] })).toEqual(['de>fr']);
  });

  it('names the pairs where none translates the language', () => {
    expect(() => choose('en>de fr>en', { to: 'de', texts: ['fr'] })).toThrow(
      new UserError(`There is no model that translates fr → de. ${offered}en → de, fr → en.`),
    );
    expect(() => choose('en>de', { to: 'ja', texts: ['en'] })).toThrow(
      new UserError(`There is no model that translates into ja. ${offered}en → de.`),
    );
  });

  it('leaves such a text as it is where others can be translated', () => {
    const pairs = 'de>en en>zh zh>en en>de';
    expect(choose(pairs, { to: 'de', texts: ['zh', 'en'] })).toEqual(['-en>de', 'en>de']);
    expect(choose(pairs, { to: 'zh', texts: ['de', 'en', 'en'] })).toEqual(['-en>zh', 'en>zh', 'en>zh']);
    expect(choose('fr>en en>de', { to: 'de', texts: ['fr fr', '?', 'en'] })).toEqual([
      '-en>de',
      '-en>de',
      'en>de',
    ]);
    expect(choose('en>de en>fr', { texts: ['fr', 'en', 'en', '?'] })).toEqual([
      '-en>de',
      'en>de',
      'en>de',
      'en>de',
    ]);
  });

  it('names the pairs where nothing else is to be translated', () => {
    const sentence = `There is no model that translates de → zh. ${offered}de → en, en → zh.`;
    const request = { to: 'zh', texts: ['zh', 'de'] };
    expect(() => choose('de>en en>zh', request)).toThrow(new UserError(sentence));
  });

  it('knows a language by its tag’s first part', () => {
    expect(choose('en-US>de pt-BR>de', { to: 'de', texts: ['en', 'pt'] })).toEqual(['en-US>de', 'pt-BR>de']);
    expect(choose('pt-PT>pt-BR en>pt-BR', { to: 'pt-BR', texts: ['pt'] })).toEqual(['pt-PT>pt-BR']);
  });
});

describe('to whatever suits the person', () => {
  it.each([
    ['en-GB', 'fr>en'],
    ['zh-hans', 'fr>zh'],
    ['DE', 'fr>de'],
    ['ja', 'fr>de'],
    ['fr', 'fr>de'],
    ['', 'fr>de'],
  ])('is %s where there is a pair to it, else the first: %s', (preferredTarget, chosen) => {
    const pairs = 'fr>de fr>en fr>zh';
    expect(choose(pairs, { preferredTarget, texts: ['fr'] })).toEqual([chosen]);
    expect(choose(pairs, { from: 'fr', preferredTarget, texts: ['fr'] })).toEqual([chosen]);
  });

  it('goes from the person’s language to another', () => {
    expect(choose('en>fr de>en en>de', { texts: ['en', 'de'] })).toEqual(['en>fr', 'de>en']);
  });

  it('names the pairs where none leads from the language', () => {
    const sentence = new UserError(`There is no model that translates from de. ${offered}en → de.`);
    expect(() => choose('en>de', { texts: ['de'] })).toThrow(sentence);
    expect(() => choose('en>de', { from: 'de', texts: ['?'] })).toThrow(sentence);
  });

  it('spares what is in the language that the others are translated into', () => {
    expect(choose('en>de', { texts: ['en', 'en', 'de'] })).toEqual(['en>de', 'en>de', '=en>de']);
    expect(choose('en>de', { from: 'en', texts: ['en', 'de'] })).toEqual(['en>de', '=en>de']);
  });
});
