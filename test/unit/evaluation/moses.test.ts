/** Words as the scripts of Moses split them (test/fixtures/README.md says how the expected lines were made). */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { corpusBleu } from '../../../models/evaluation/bleu';
import { corpusChrf } from '../../../models/evaluation/chrf';
import { mosesLanguages, type MosesLanguage } from '../../../models/evaluation/moses/abbreviations';
import { tokenizeMoses } from '../../../models/evaluation/moses/tokenizer';

const root = path.resolve(import.meta.dirname, '../../..');
const multi30k = path.join(root, '../shared/data/multi30k');

function linesOf(content: Buffer): string[] {
  return content.toString('utf8').split('\n').slice(0, -1);
}

function fixture(name: string): string[] {
  return linesOf(readFileSync(path.join(root, 'test/fixtures/moses', `${name}.txt`)));
}

function testSet(name: string): string[] {
  return linesOf(gunzipSync(readFileSync(path.join(multi30k, `test_2016_flickr.${name}.gz`))));
}

function tokenizeAll(lines: readonly string[], language: MosesLanguage): string[] {
  return lines.map((line) => tokenizeMoses(line, language).join(' '));
}

describe.each(mosesLanguages)('made-up lines in %s are split as the scripts do', (language) => {
  it('as they are written', () => {
    expect(tokenizeAll(fixture(`lines.${language}`), language)).toEqual(fixture(`tokenized.${language}`));
  });

  it('lower-cased before', () => {
    const lines = fixture(`lines.${language}`).map((line) => line.toLowerCase());
    expect(tokenizeAll(lines, language)).toEqual(fixture(`tokenized.lowercase.${language}`));
  });
});

it.each(mosesLanguages)('a blank line has no words in %s', (language) => {
  expect(['', ' ', '\u00A0\u2003\u0007'].map((line) => tokenizeMoses(line, language))).toEqual([[], [], []]);
});

describe.skipIf(!existsSync(multi30k))(
  'Multi30k’s test set of 2016 (skipped where it does not lie beside)',
  () => {
    it.each(mosesLanguages)('equals the published tokens in every line: %s', (language) => {
      const published = testSet(`lc.norm.tok.${language}`);
      const ours = tokenizeAll(
        testSet(language).map((line) => line.toLowerCase()),
        language,
      );
      expect(ours).toHaveLength(1000);
      expect(ours.filter((line, index) => line !== published[index])).toEqual([]);
    });
  },
);

describe('references that are tokenised already', () => {
  const hypotheses = ["L'homme voit l'eau, n'est-ce pas ?", 'Une « femme » rit.'];
  const references = ["L'homme voit de l'eau, n'est-ce pas ?", 'Une « femme » rit fort.'];
  const tokenized = tokenizeAll(
    references.map((line) => line.toLowerCase()),
    'fr',
  );
  const options = { tokenizer: 'moses-fr', lowercase: true, smoothing: { method: 'none' } } as const;

  it('give the BLEU of both sides tokenised here, under a signature of their own', () => {
    const over = corpusBleu(hypotheses, [tokenized], { ...options, referenceTokenized: true });
    const both = corpusBleu(hypotheses, [references], options);
    const given = corpusBleu(tokenizeAll(hypotheses, 'fr'), [tokenized], { ...options, tokenizer: 'none' });
    expect(over.score).toBeGreaterThan(40);
    expect(over.score).toBeLessThan(80);
    expect(both).toEqual({ ...over, signature: both.signature });
    expect(given).toEqual({ ...over, signature: given.signature });
    expect(over.signature).toBe(
      'nrefs:1|case:lc|eff:no|tok:moses-fr|ref:tokenized|smooth:none|version:2.6.0',
    );
    expect(both.signature).toBe('nrefs:1|case:lc|eff:no|tok:moses-fr|smooth:none|version:2.6.0');
  });

  it('are compared with a hypothesis like them by chrF too', () => {
    const same = tokenizeAll(hypotheses, 'fr');
    const chrf = corpusChrf(hypotheses, [same], { hypothesisTokenizer: 'moses-fr' });
    expect(chrf.score).toBeCloseTo(100, 9);
    expect(chrf.signature).toBe(
      'nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|tok:moses-fr|ref:tokenized|version:2.6.0',
    );
    expect(corpusChrf(hypotheses, [same]).score).toBeLessThan(95);
  });
});
