/** The terms of training: what each number behind “Details” is called, and what it does. §: of “Attention Is All You Need”. */
import { l10n } from 'vscode';

export function termTexts() {
  return {
    ...modelTerms(),
    ...batchTerms(),
    ...optimiserTerms(),
    ...regularisationTerms(),
    ...corpusTerms(),
    ...savingTerms(),
  };
}

function modelTerms() {
  return {
    detail_dModel: l10n.t('Width (dModel)'),
    about_dModel: l10n.t(
      'How many numbers stand for a token inside the model. Must be a multiple of the heads. The paper has 512 in the base model and 1,024 in the big one (§3.1, Table 3).',
    ),
    detail_heads: l10n.t('Heads'),
    about_heads: l10n.t(
      'In how many ways at once each layer looks at the sentence. The paper has 8 in the base model and 16 in the big one (§3.2.2).',
    ),
    detail_dFf: l10n.t('Feed-forward width'),
    about_dFf: l10n.t(
      'Width of the layer between the two halves of each feed-forward network; usually four times the model’s width. The paper has 2,048 and 4,096 (§3.3).',
    ),
    detail_encoderLayers: l10n.t('Encoder layers'),
    about_encoderLayers: l10n.t('Layers that read the source sentence. The paper has 6 (§3.1).'),
    detail_decoderLayers: l10n.t('Decoder layers'),
    about_decoderLayers: l10n.t(
      'Layers that write the translation, token by token: the fewer, the quicker it translates. The paper has 6 (§3.1).',
    ),
    detail_vocabularySize: l10n.t('Vocabulary'),
    about_vocabularySize: l10n.t(
      'Subword tokens that both languages share, learned from the corpus by byte-pair encoding. A small corpus needs fewer: every token must be seen often enough. The paper has about 37,000 (§5.1).',
    ),
    normalisation: l10n.t('Layer normalisation'),
    normalisationPre: l10n.t('before'),
    normalisationPost: l10n.t('after'),
    normalisationHint: l10n.t(
      'Before each sub-layer a model trains more steadily, above all a small or a deep one; after it is what the paper has (§3.1).',
    ),
  };
}

function batchTerms() {
  return {
    detail_batchTokens: l10n.t('Tokens a batch'),
    about_batchTokens: l10n.t(
      'How many tokens, on either side, one batch holds at most; memory grows with it. The paper has about 25,000 (§5.1).',
    ),
    detail_accumulate: l10n.t('Batches a step'),
    about_accumulate: l10n.t(
      'How many batches are added up for one update of the weights: a large batch in several parts, for machines with little memory. The steps take as many times longer.',
    ),
  };
}

function optimiserTerms() {
  return {
    detail_warmupSteps: l10n.t('Warm-up steps'),
    about_warmupSteps: l10n.t(
      'Over so many steps the learning rate rises from nothing to its peak; then it falls with the root of the step. The paper has 4,000 (§5.3).',
    ),
    detail_peakLearningRate: l10n.t('Peak learning rate'),
    about_peakLearningRate: l10n.t(
      'The largest learning rate, at the end of the warm-up. Too high, and the loss rises or is no number any more. Left empty, it is the paper’s: 1/√(width × warm-up steps) (§5.3).',
    ),
    detail_cooldown: l10n.t('Cool-down'),
    about_cooldown: l10n.t(
      'The last share of the time or the steps in which the learning rate goes to nothing: 0.25 is the last quarter. The model settles, and is better at the end. Not in the paper (0), and not where a run ends when it gets no better.',
    ),
    detail_clipNorm: l10n.t('Longest gradient'),
    about_clipNorm: l10n.t(
      'Longer gradients are shortened to this, so that one odd batch does no harm. 0 for none, as in the paper.',
    ),
  };
}

function regularisationTerms() {
  return {
    detail_dropout: l10n.t('Dropout'),
    about_dropout: l10n.t(
      'The share of numbers that is left out by chance behind each sub-layer and in the embeddings while training, so that the model does not learn its corpus by heart. More for small corpora. The paper has 0.1, in its big model 0.3 (§5.4).',
    ),
    detail_attentionDropout: l10n.t('Dropout of attention'),
    about_attentionDropout: l10n.t('The same for the weights of attention. 0 in the paper.'),
    detail_feedForwardDropout: l10n.t('Dropout inside feed-forward'),
    about_feedForwardDropout: l10n.t('The same inside the feed-forward networks. 0 in the paper.'),
    detail_subwordDropout: l10n.t('Dropout of subwords'),
    about_subwordDropout: l10n.t(
      'The share of merges that are passed over by chance when words are cut into pieces, anew in every batch: the model sees words in many pieces, and learns more from a small corpus. 0 in the paper; 0.1 is usual.',
    ),
    detail_labelSmoothing: l10n.t('Label smoothing'),
    about_labelSmoothing: l10n.t(
      'How unsure the model is taught to stay of the right token: its loss and perplexity get worse by it, and its translations better. The paper has 0.1 (§5.4).',
    ),
    detail_rDrop: l10n.t('Weight of R-Drop'),
    about_rDrop: l10n.t(
      'Each step translates its sentences twice, with other numbers left out by dropout, and draws the two predictions together. It is for long trainings of wide models on small corpora: a step takes more than twice the time. 0 for none; 5 is usual. The paper is older (Liang et al. 2021).',
    ),
  };
}

function corpusTerms() {
  return {
    detail_maximumWords: l10n.t('Longest sentence'),
    about_maximumWords: l10n.t('Pairs with more words on a side are left out.'),
    detail_heldOut: l10n.t('Pairs held out'),
    about_heldOut: l10n.t(
      'So many pairs, of a small corpus a fifth at most, are never trained on: they tell whether the model has learned to translate, or only its corpus.',
    ),
    detail_seed: l10n.t('Seed'),
    about_seed: l10n.t(
      'Of everything that happens by chance: the same seed on the same machine gives the same run.',
    ),
  };
}

function savingTerms() {
  return {
    detail_checkpointEvery: l10n.t('Steps to a checkpoint'),
    about_checkpointEvery: l10n.t(
      'After so many steps the weights are saved and the held-out pairs are looked at. What a crash loses is less than that.',
    ),
    detail_keepCheckpoints: l10n.t('Checkpoints kept'),
    about_keepCheckpoints: l10n.t(
      'So many of the newest stay on the disk, and the best. The paper averages the last 5 (§6.1).',
    ),
    detail_translatePairs: l10n.t('Pairs to translate'),
    about_translatePairs: l10n.t(
      'So many held-out pairs are translated at each validation, for BLEU, chrF and the sentences that are shown. 0 for none, which is quicker.',
    ),
    measureBy: l10n.t('The best by'),
    measureHint: l10n.t(
      'What tells the best checkpoint, and whether the training still gets better: the loss of the held-out pairs, or the BLEU of their translations.',
    ),
    byLoss: l10n.t('loss'),
    byBleu: l10n.t('BLEU'),
  };
}
