import { describe, expect, it } from 'vitest';
import { learnVocabulary } from '../../../models/text/learnVocabulary';
import { Vocabulary } from '../../../models/text/vocabulary';

interface File {
  [part: string]: unknown;
  model: { vocab: Record<string, unknown>; merges: unknown; [setting: string]: unknown };
}

const json = learnVocabulary(['abab abab'], { size: 1000 }).toJson();

/** The sentence that a changed file is refused with. */
function refusal(change: (file: File) => unknown): string {
  const file = JSON.parse(json) as File;
  change(file);
  try {
    Vocabulary.fromJson(JSON.stringify(file), 'models/en-de/tokenizer.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a tokenizer.json that is not ours', () => {
  it('is accepted only unchanged', () => {
    expect(refusal(() => undefined)).toBe('accepted');
  });

  it('is refused with the file’s name in the sentence', () => {
    expect(refusal((file) => delete file['decoder'])).toBe(
      'models/en-de/tokenizer.json is not a vocabulary of this program: its “decoder” is not the one that this program writes.',
    );
  });

  it.each(['', '{', 'null', '[]', '3', '"text"', `{"a":`.repeat(20)])('is refused as JSON: %j', (text) => {
    expect(() => Vocabulary.fromJson(text, 'f')).toThrow(/^f is not a vocabulary.*no (sound )?JSON/s);
  });

  it('is refused when it is huge', () => {
    expect(() => Vocabulary.fromJson(' '.repeat(2 ** 25 + 1))).toThrow(/at most 33554432 are read/);
  });

  const cases: [name: string, change: (file: File) => unknown, sentence: RegExp][] = [
    ['a normaliser', (f) => (f['normalizer'] = { type: 'NFC' }), /“normalizer”/],
    ['another pre-tokeniser', (f) => (f['pre_tokenizer'] = null), /“pre_tokenizer”/],
    ['other added tokens', (f) => (f['added_tokens'] = []), /“added_tokens”/],
    ['no model', (f) => delete (f as Record<string, unknown>)['model'], /no “model”/],
    ['another model', (f) => (f.model['type'] = 'Unigram'), /“type” is "Unigram" where "BPE" is needed/],
    [
      'no byte fallback',
      (f) => delete f.model['byte_fallback'],
      /“byte_fallback” is missing where true is needed/,
    ],
    ['a list for a vocabulary', (f) => (f.model.vocab = [] as never), /no “vocab”/],
    ['a missing reserved token', (f) => delete f.model.vocab['<x3>'], /ids are 0 to 291/],
    [
      'reserved tokens in another place',
      (f) => ([f.model.vocab['<x3>'], f.model.vocab['<x4>']] = [8, 7]),
      /<x3> has to have the id 7/,
    ],
    ['an id twice', (f) => (f.model.vocab['b'] = f.model.vocab['a']), /"a" and "b" have the same id/],
    ['an id with a gap', (f) => (f.model.vocab['new'] = 1e6), /"new" has the id 1000000/],
    ['an id that is no number', (f) => (f.model.vocab['a'] = '288'), /"a" has the id "288"/],
    ['a fraction for an id', (f) => (f.model.vocab['a'] = 288.5), /has the id 288.5/],
    ['an empty token', (f) => (f.model.vocab[''] = 293), /an empty token/],
    ['half a surrogate pair', (f) => (f.model.vocab['\ud800'] = 293), /half a surrogate pair/],
    ['a token without end', (f) => (f.model.vocab['x'.repeat(1025)] = 293), /longer than 1024 characters/],
    ['no merges', (f) => (f.model.merges = {}), /no list of “merges”/],
    ['a merge as a string', (f) => (f.model.merges = ['a b']), /merge 1 \("a b"\) is no pair of tokens/],
    ['a merge of three', (f) => (f.model.merges = [['a', 'b', 'c']]), /is no pair of tokens/],
    ['a merge of an unknown token', (f) => (f.model.merges = [['a', 'q']]), /needs the token "q"/],
    ['a merge that makes no token', (f) => (f.model.merges = [['b', 'b']]), /needs the token "bb"/],
    [
      'a merge of a reserved token',
      (f) => (f.model.merges = [['<s>', 'a']]),
      /uses the reserved token "<s>"/,
    ],
    ['a merge twice', (f) => (f.model.merges as unknown[]).push(['a', 'b']), /is there twice/],
  ];
  it.each(cases)('is refused with %s', (_name, change, sentence) => {
    expect(refusal(change)).toMatch(sentence);
  });

  it('is refused where it is nested without end, or has a key twice', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => Vocabulary.fromJson(json.replace('"type": "BPE"', `"type": ${deep}`), 'f')).toThrow(
      /^f is not a vocabulary.*no sound JSON \(it is nested more than 64 levels deep\)/,
    );
    expect(() => Vocabulary.fromJson(json.replace('"vocab": {', '"vocab": {"<s>": 7,'), 'f')).toThrow(
      /^f is not a vocabulary.*no sound JSON \(it holds “<s>” twice\)/,
    );
  });

  it('may have tokens named like the parts of an object', () => {
    const text = json.replace('"vocab": {', '"vocab": {"__proto__": 293, "constructor": 294,');
    expect(Vocabulary.fromJson(text).tokenText(293)).toBe('__proto__');
  });
});
