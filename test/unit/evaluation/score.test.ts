/** What scores must hold whatever the text, and what is said where they cannot be computed. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { corpusBleu, sentenceBleu } from '../../../models/evaluation/bleu';
import { corpusChrf, sentenceChrf } from '../../../models/evaluation/chrf';
import { scoreCorpus, scoreIn } from '../../../models/evaluation/score';
import { sacrebleuTokenizerNames, tokenize } from '../../../models/evaluation/tokenizers';
import { UserError } from '../../../models/userError';

const line = fc.string({ unit: 'binary', maxLength: 40 });
const seed = 20260101;

describe('any text', () => {
  it('scores 100 against itself where it has four words, and between 0 and 100 against anything', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(line, line), { minLength: 1, maxLength: 5 }), (pairs) => {
        const hypotheses = pairs.map(([hypothesis]) => `${hypothesis} one two three four`);
        const references = pairs.map(([, reference]) => reference);
        const same = scoreCorpus(hypotheses, [hypotheses]);
        expect(same.bleu.score).toBeCloseTo(100, 9);
        expect(same.chrf.score).toBeCloseTo(100, 9);
        const other = scoreCorpus(hypotheses, [references]);
        for (const { score } of [other.bleu, other.chrf]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThan(100 + 1e-9);
        }
      }),
      { seed },
    );
  });

  it('keeps all but white space and entities when sacreBLEU’s rules tokenise it', () => {
    const strip = (text: string): string => tokenize(text, 'none').join('');
    fc.assert(
      fc.property(line, fc.constantFrom(...sacrebleuTokenizerNames), (text, tokenizer) => {
        fc.pre(!/[&<]|-\n/.test(text));
        expect(tokenize(text, tokenizer).join('')).toBe(strip(text));
      }),
      { seed, numRuns: 500 },
    );
  });

  it('is scored in any order of its lines alike', () => {
    const hypotheses = ['Datei öffnen', 'Nicht gefunden: %s', 'Wird beendet …'];
    const references = ['Datei öffnen …', 'Nicht gefunden: %s', 'Beenden'];
    const forwards = scoreCorpus(hypotheses, [references]);
    const backwards = scoreCorpus(hypotheses.toReversed(), [references.toReversed()]);
    expect(backwards).toEqual(forwards);
  });
});

describe('one sentence', () => {
  it('takes only the orders that it is long enough for', () => {
    const score = sentenceBleu('Datei öffnen', ['Datei öffnen']);
    expect(score.score).toBeCloseTo(100, 9);
    expect(score.signature).toContain('eff:yes');
    expect(corpusBleu(['Datei öffnen'], [['Datei öffnen']]).score).toBe(0);
  });

  it('scores higher by chrF the nearer it comes', () => {
    const reference = ['Die Datei wurde nicht gefunden.'];
    const scores = ['Katze', 'Eine Datei fehlt.', 'Die Datei ist nicht gefunden.', reference[0]!].map(
      (hypothesis) => sentenceChrf(hypothesis, reference).score,
    );
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(new Set(scores).size).toBe(4);
  });
});

it('scores in the tokenisation that suits the language', () => {
  const tokenizers = ['de', 'zh', 'zh-Hant', 'ja'].map(
    (language) => /tok:(\w+)/.exec(scoreIn(language, ['a'], ['a']).bleu.signature)![1],
  );
  expect(tokenizers).toEqual(['13a', 'zh', 'zh', 'char']);
});

describe('input at fault', () => {
  it('says both numbers where line counts differ', () => {
    const score = (): unknown => scoreCorpus(['a', 'b', 'c'], [['a', 'b', 'c'], ['a']]);
    expect(score).toThrow(UserError);
    expect(score).toThrow('The hypothesis has 3 lines, but reference 2 has 1 line');
    expect(() => corpusChrf(['a'], [['a', 'b']])).toThrow('has 1 line, but reference 1 has 2 lines');
  });

  it('says that nothing was given', () => {
    expect(() => corpusBleu([], [[]])).toThrow('The hypothesis is empty');
    expect(() => corpusBleu(['a'], [])).toThrow('No reference was given');
    expect(() => sentenceChrf('a', [])).toThrow('No reference was given');
  });
});
