/**
 * Both scores of a translation at once: what `evaluate` prints and what a model card quotes.
 */
import { corpusBleu, type BleuOptions, type BleuScore } from './bleu';
import { corpusChrf, type ChrfOptions, type ChrfScore } from './chrf';
import type { SacrebleuTokenizerName } from './tokenizers';

export interface CorpusScore {
  readonly bleu: BleuScore;
  readonly chrf: ChrfScore;
}

/**
 * BLEU and chrF of a whole text.
 *
 * @param hypotheses the translation, a sentence a line, as it would be shown (not tokenised)
 * @param references one or more reference translations, each with as many lines
 * @throws UserError where line counts differ or there is nothing to score
 */
export function scoreCorpus(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: { readonly bleu?: BleuOptions; readonly chrf?: ChrfOptions } = {},
): CorpusScore {
  return {
    bleu: corpusBleu(hypotheses, references, options.bleu),
    chrf: corpusChrf(hypotheses, references, options.chrf),
  };
}

/** Both scores in the tokenisation that suits the language of the translation. */
export function scoreIn(
  language: string,
  hypotheses: readonly string[],
  references: readonly string[],
): CorpusScore {
  return scoreCorpus(hypotheses, [references], { bleu: { tokenizer: tokenizerFor(language) } });
}

/** BLEU's tokenisation where nobody chooses: sacreBLEU's own for languages without spaces, its default for all others. */
export function tokenizerFor(language: string): SacrebleuTokenizerName {
  const [primary] = language.split('-');
  if (primary === 'zh') return 'zh';
  return ['ja', 'th', 'lo', 'km', 'my'].includes(primary!) ? 'char' : '13a';
}
