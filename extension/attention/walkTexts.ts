/** The texts of the walk through the paper, on the attention page. */
import { l10n } from 'vscode';

const first = '{0}';
const second = '{1}';
const third = '{2}';

export function walkTexts() {
  return { ...titles(), ...stepTexts(), ...labels() };
}

function titles() {
  return {
    walkPiecesTitle: l10n.t('Text becomes pieces'),
    walkEmbeddingTitle: l10n.t('Pieces become vectors'),
    walkPositionTitle: l10n.t('Where a piece stands'),
    walkAttentionTitle: l10n.t('Self-attention'),
    walkFeedForwardTitle: l10n.t('Feed-forward network'),
    walkMaskedTitle: l10n.t('Looking back'),
    walkCrossTitle: l10n.t('Looking at the text'),
    walkSoftmaxTitle: l10n.t('The next piece'),
  };
}

function stepTexts() {
  return {
    walkPiecesText: l10n.t(
      'A model computes with numbers. So the text is cut into pieces that the model knows: frequent words whole, rare ones in parts. This model knows {0} pieces, and each has a number of its own.',
      first,
    ),
    walkPiecesChoose: l10n.t(
      'Click a piece of the text above to follow it through the encoder, and a piece of the translation to see how the decoder came to say it.',
    ),
    walkEmbeddingText: l10n.t(
      'Number {0} stands for a row of a large table, the embedding (§3.4 of the paper): {1} numbers that were learned, so that pieces which are used alike have rows that are alike. Blue is above zero, orange below.',
      first,
      second,
    ),
    walkEmbeddingScale: l10n.t(
      'The row is multiplied by √{0} = {1}, so that it is not drowned by what comes next.',
      first,
      second,
    ),
    walkPositionText: l10n.t(
      'So far the model could not tell “dog bites man” from “man bites dog”. So each place has a pattern of its own, made of sines and cosines of many wavelengths (§3.5): the one of place {0} is added to the embedding.',
      first,
    ),
    walkPositionLearned: l10n.t(
      'So far the model could not tell “dog bites man” from “man bites dog”. So each place has a vector of its own, which this model has learned: the one of place {0} is added to the embedding.',
      first,
    ),
    walkAttentionText: l10n.t(
      'Now the pieces look at each other (§3.2). “{0}” asks with a vector of {1} numbers, its query; every piece answers with a key of as many. The more they agree, the higher the score: the sum of their products, divided by √{1}. The softmax turns scores into weights that sum to one, and the head takes the mean of all values, so weighted.',
      first,
      second,
    ),
    walkHeads: l10n.t(
      'That was one head of {0}; each has queries, keys and values of its own, and looks for something of its own. What all of them found is joined and added to what the piece carried already.',
      first,
    ),
    walkFeedForwardText: l10n.t(
      'After looking around, each piece is thought over by itself (§3.3): its {0} numbers are spread to {1}, where what is below zero is cut or damped, and gathered into {0} again. Much of what a model has learned sits here.',
      first,
      second,
    ),
    walkActive: l10n.t(
      '{0} of {1} are above zero at this piece, {2} %: others stay silent.',
      first,
      second,
      third,
    ),
    walkNormPre: l10n.t(
      'Before each of these steps the numbers are brought to a common scale (layer normalisation), and the result is added to what came in, so that nothing gets lost on the way through many layers.',
    ),
    walkNormPost: l10n.t(
      'The result of each step is added to what came in, so that nothing gets lost on the way through many layers, and the sum is brought to a common scale (layer normalisation), as the paper has it.',
    ),
    walkMaskedText: l10n.t(
      'The translation is written piece by piece. To say “{0}”, the decoder first looks back at what it has said: with queries and keys of {1} numbers again, but what comes later is masked, since it is not there yet.',
      first,
      second,
    ),
    walkCrossText: l10n.t(
      'Then it looks at the text: “{0}” asks, and the encoder’s vectors answer with keys of {1} numbers (§3.2.3). This is where source and translation meet, so these weights often read like a dictionary. They need not.',
      first,
      second,
    ),
    walkSoftmaxText: l10n.t(
      'After its last layer the decoder holds one vector for place {1}. It is compared with the embeddings of all {0} pieces: each gets a score, the logit, and the softmax turns these into probabilities.',
      first,
      second,
    ),
    walkSaid: l10n.t(
      'It says “{0}”, which has {1} %, reads that as the next piece, and begins anew until it says that the sentence is over.',
      first,
      second,
    ),
  };
}

function labels() {
  return {
    walkBack: l10n.t('Back'),
    walkOn: l10n.t('Next'),
    walkNumbers: l10n.t('{0} numbers', first),
    walkPieceId: l10n.t('is number {0}', first),
    walkRowOf: l10n.t('The row of “{0}”', first),
    walkPositionOf: l10n.t('The pattern of place {0}', first),
    walkSum: l10n.t('Both together: what goes into the first layer'),
    walkQueryOf: l10n.t('The query of “{0}” in layer {1}, head {2}', first, second, third),
    walkContext: l10n.t('What the head found: the weighted mean'),
    walkActivations: l10n.t('In between, in layer {0}', first),
    walkState: l10n.t('After layer {0} of {1}', first, second),
    walkKey: l10n.t('Key'),
    walkScore: l10n.t('Score'),
    walkWeight: l10n.t('Weight'),
    walkOthers: l10n.t('{0} others', first),
    walkPiece: l10n.t('Piece'),
    walkLogit: l10n.t('Logit'),
    walkProbability: l10n.t('Probability'),
  };
}
