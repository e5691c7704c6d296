/** `polyhead evaluate`: BLEU and chrF of a translation, as JSON. */
import { Option, type Command } from 'commander';
import { readTexts } from '../evaluation/readTexts';
import { scoreCorpus } from '../evaluation/score';
import { tokenizerNames, type TokenizerName } from '../evaluation/tokenizers';

interface EvaluateOptions {
  readonly hypothesis: string;
  readonly reference: string[];
  readonly tokenize: TokenizerName;
  readonly lowercase?: boolean;
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description(
      'Prints BLEU and chrF of a translation as JSON, as sacreBLEU computes them, with signatures.',
    )
    .requiredOption('--hypothesis <file>', 'the translation, a sentence a line')
    .requiredOption('--reference <files...>', 'one or more reference translations, line for line')
    .addOption(new Option('--tokenize <name>', 'BLEU’s tokenisation').choices(tokenizerNames).default('13a'))
    .option('--lowercase', 'compares without case')
    .action(evaluate);
}

async function evaluate({
  hypothesis,
  reference,
  tokenize,
  lowercase = false,
}: EvaluateOptions): Promise<void> {
  const { hypotheses, references } = await readTexts(hypothesis, reference);
  const { bleu, chrf } = scoreCorpus(hypotheses, references, {
    bleu: { tokenizer: tokenize, lowercase },
    chrf: { lowercase },
  });
  const rounded = (value: number): number => Number(value.toFixed(4));
  const report = {
    bleu: {
      score: rounded(bleu.score),
      precisions: bleu.precisions.map(rounded),
      brevityPenalty: rounded(bleu.brevityPenalty),
      hypothesisLength: bleu.hypothesisLength,
      referenceLength: bleu.referenceLength,
      signature: bleu.signature,
    },
    chrf: { score: rounded(chrf.score), signature: chrf.signature },
    lines: hypotheses.length,
  };
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
}
