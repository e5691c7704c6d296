/** BLEU and chrF against what sacreBLEU printed (test/fixtures/README.md says how the values were made). */
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { corpusBleu, sentenceBleu, type BleuOptions } from '../../../models/evaluation/bleu';
import { corpusChrf, sentenceChrf, type ChrfOptions } from '../../../models/evaluation/chrf';
import { scoreCorpus } from '../../../models/evaluation/score';
import { sacrebleuVersion } from '../../../models/evaluation/signature';
import type { TokenizerName } from '../../../models/evaluation/tokenizers';

/** Options under sacreBLEU's names. */
interface SacrebleuBleuOptions {
  tokenize?: TokenizerName;
  lowercase?: boolean;
  smooth_method?: 'exp' | 'floor' | 'add-k' | 'none';
  smooth_value?: number;
  effective_order?: boolean;
}
interface SacrebleuChrfOptions {
  char_order?: number;
  word_order?: number;
  beta?: number;
  lowercase?: boolean;
  whitespace?: boolean;
}
interface Segments {
  hypotheses: string[];
  references: string[][];
}
interface WholeCorpusCase extends Segments {
  name: string;
  options: SacrebleuBleuOptions;
  bleu: number;
  counts: number[];
  totals: number[];
  precisions: number[];
  brevityPenalty: number;
  systemLength: number;
  referenceLength: number;
  bleuSignature: string;
  chrf2: number;
  chrf2Signature: string;
}
interface OptionCase<Options, Expected> {
  name: string;
  options: Options;
  expected: Expected;
  firstSentence: number;
}
interface ExpectedBleu {
  score: number;
  counts: number[];
  totals: number[];
  precisions: number[];
  brevityPenalty: number;
  hypothesisLength: number;
  referenceLength: number;
  signature: string;
}
interface OptionFixture {
  made: string;
  segments: Record<string, Segments>;
  bleu: OptionCase<SacrebleuBleuOptions, ExpectedBleu>[];
  chrf: OptionCase<SacrebleuChrfOptions, { name: string; score: number; signature: string }>[];
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));
}
const corpora = fixture('sacrebleu.json') as { made: string; cases: WholeCorpusCase[] };
const optionFixture = fixture('sacrebleuOptions.json') as OptionFixture;

function bleuOptions(from: SacrebleuBleuOptions): BleuOptions {
  const method = from.smooth_method ?? 'exp';
  const value = from.smooth_value === undefined ? {} : { value: from.smooth_value };
  return {
    smoothing: method === 'floor' || method === 'add-k' ? { method, ...value } : { method },
    ...(from.tokenize && { tokenizer: from.tokenize }),
    ...(from.lowercase && { lowercase: true }),
    ...(from.effective_order !== undefined && { effectiveOrder: from.effective_order }),
  };
}

function chrfOptions(from: SacrebleuChrfOptions): ChrfOptions {
  return {
    ...(from.char_order && { characterOrder: from.char_order }),
    ...(from.word_order && { wordOrder: from.word_order }),
    ...(from.beta && { beta: from.beta }),
    ...(from.lowercase && { lowercase: true }),
    ...(from.whitespace && { whiteSpace: true }),
  };
}

/** A number within 1e-9, well inside the 1e-4 that a printed score needs. */
function near(expected: number): unknown {
  return expect.closeTo(expected, 9);
}

function expectBleu(actual: object, expected: ExpectedBleu): void {
  expect(actual).toEqual({
    ...expected,
    score: near(expected.score),
    precisions: expected.precisions.map(near),
    brevityPenalty: near(expected.brevityPenalty),
  });
}

it('names the version that made the fixtures', () => {
  expect(corpora.made).toContain(`sacreBLEU ${sacrebleuVersion} `);
  expect(optionFixture.made).toContain(`sacreBLEU ${sacrebleuVersion},`);
  expect(corpora.cases).toHaveLength(35);
});

describe('whole texts: scores, counts and signatures equal sacreBLEU', () => {
  it.each(corpora.cases)('$name', (expected) => {
    const actual = scoreCorpus(expected.hypotheses, expected.references, {
      bleu: bleuOptions(expected.options),
    });
    expectBleu(actual.bleu, {
      score: expected.bleu,
      counts: expected.counts,
      totals: expected.totals,
      precisions: expected.precisions,
      brevityPenalty: expected.brevityPenalty,
      hypothesisLength: expected.systemLength,
      referenceLength: expected.referenceLength,
      signature: expected.bleuSignature,
    });
    expect(actual.chrf).toEqual({
      name: 'chrF2',
      score: near(expected.chrf2),
      signature: expected.chrf2Signature,
    });
  });
});

describe('BLEU with every option on short, empty and odd lines equals sacreBLEU', () => {
  it.each(optionFixture.bleu)('$name, $options', ({ name, options, expected, firstSentence }) => {
    const { hypotheses, references } = optionFixture.segments[name]!;
    expectBleu(corpusBleu(hypotheses, references, bleuOptions(options)), expected);
    const sentence = sentenceBleu(
      hypotheses[0]!,
      references.map((reference) => reference[0]!),
      bleuOptions({ effective_order: false, ...options }),
    );
    expect(sentence.score).toEqual(near(firstSentence));
  });
});

describe('chrF with every option on short, empty and odd lines equals sacreBLEU', () => {
  it.each(optionFixture.chrf)('$name, $options', ({ name, options, expected, firstSentence }) => {
    const { hypotheses, references } = optionFixture.segments[name]!;
    expect(corpusChrf(hypotheses, references, chrfOptions(options))).toEqual({
      ...expected,
      score: near(expected.score),
    });
    const firstReferences = references.map((reference) => reference[0]!);
    expect(sentenceChrf(hypotheses[0]!, firstReferences, chrfOptions(options)).score).toEqual(
      near(firstSentence),
    );
  });
});
