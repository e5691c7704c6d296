/**
 * The attention page's texts. Places that the page itself fills, {0} and {1}, are handed through.
 */
import { l10n } from 'vscode';
import type { AttentionTexts } from '../../webview/attention/messages';
import { walkTexts } from './walkTexts';

/** Stand for themselves: the page puts its values there. */
const first = '{0}';
const second = '{1}';
const third = '{2}';

export function attentionTexts(): AttentionTexts {
  return {
    ...sentenceTexts(),
    ...tokenTexts(),
    ...viewTexts(),
    ...tableTexts(),
    ...captionTexts(),
    ...walkTexts(),
  };
}

function sentenceTexts() {
  return {
    title: l10n.t('Attention'),
    textLabel: l10n.t('Text'),
    textPlaceholder: l10n.t('Type a sentence, and see how it is translated'),
    translationLabel: l10n.t('Translation'),
    forcedLabel: l10n.t('Your translation, as the model sees it'),
    ownTranslation: l10n.t('Back to the model’s own'),
    modelLabel: l10n.t('Model'),
    secondModelLabel: l10n.t('Compare with'),
    automaticModel: l10n.t('The one for the text’s language'),
    noSecondModel: l10n.t('No other model'),
    sentenceLabel: l10n.t('Sentence'),
    sentenceOption: l10n.t('{0}: {1}', first, second),
    pairShown: l10n.t('{0}, by {1}', first, second),
    confidenceShown: l10n.t('confidence {0} %', first),
    alternativesLabel: l10n.t('Other translations'),
    alternativesHint: l10n.t('Choose one to look at it instead'),
    alternativeShort: l10n.t('score {0}', first),
    alternativeScore: l10n.t('Score {0}: the log-probability over the length penalty', first),
    busy: l10n.t('Translating …'),
    emptyTitle: l10n.t('See how a translation comes about'),
    emptyText: l10n.t(
      'Type a sentence above. Polyhead translates it on this machine and shows which words each of the model’s heads looks at.',
    ),
    emptyExample: l10n.t('Try an example'),
    exampleSentence: l10n.t('The old program shows a short message when a file has been changed.'),
    alreadyInTarget: l10n.t(
      'This text seems to be in the language to translate into already. Choose a model to translate it all the same.',
    ),
    nothingToSee: l10n.t('There is nothing to translate in this text.'),
    starting: l10n.t('Looking for models …'),
    noSuchLayer: l10n.t(
      'This model has no layer {0} of this attention: its last is layer {1}.',
      first,
      second,
    ),
    noSuchHeads: l10n.t('This model has none of the heads that are chosen: its last is head {0}.', first),
    failureTitle: l10n.t('That did not work'),
    retry: l10n.t('Try Again'),
    misunderstood: l10n.t(
      'The panel and the extension did not understand each other. Close the panel and open it again.',
    ),
  };
}

function tokenTexts() {
  return {
    sourceTokens: l10n.t('Pieces of the text'),
    targetTokens: l10n.t('Pieces of the translation'),
    tokenSpoken: l10n.t('{0}, piece {1}', first, second),
    probabilitySpoken: l10n.t('{0}, piece {1}, probability {2} %', first, second, third),
    startToken: l10n.t('start of the translation'),
    endToken: l10n.t('end of the sentence'),
    spaceToken: l10n.t('space'),
    candidatesLabel: l10n.t('What might stand there'),
    candidatesTitle: l10n.t('What might stand at piece {0}', first),
    candidatesHint: l10n.t(
      'Point at a piece of the translation to see what the model weighed up at its place.',
    ),
    candidatesNone: l10n.t('Nothing else was weighed up.'),
    candidateChosen: l10n.t('said'),
  };
}

function viewTexts() {
  return {
    viewsLabel: l10n.t('Views'),
    viewGrid: l10n.t('All heads'),
    viewHeads: l10n.t('Lines'),
    viewAlignment: l10n.t('Heat map'),
    viewTable: l10n.t('Numbers'),
    viewWalk: l10n.t('Step by step'),
    kindLabel: l10n.t('Attention'),
    kindEncoder: l10n.t('Encoder'),
    kindDecoder: l10n.t('Decoder'),
    kindCross: l10n.t('Cross'),
    layerLabel: l10n.t('Layer'),
    layerOption: l10n.t('Layer {0}', first),
    layerMean: l10n.t('Mean of all layers'),
    headsLabel: l10n.t('Heads'),
    headOption: l10n.t('Head {0}', first),
    allHeads: l10n.t('All'),
    turn: l10n.t('Turn'),
    orientationUpright: l10n.t('Show the two sides side by side'),
    orientationLying: l10n.t('Show one side above the other, as in the paper’s figures'),
    zoomIn: l10n.t('Larger'),
    zoomOut: l10n.t('Smaller'),
    zoomFit: l10n.t('Fit'),
    zoomFitHint: l10n.t('Show all of it'),
    headCell: l10n.t('Layer {0}, head {1}', first, second),
    headCellNumbers: l10n.t('entropy {0} bits, distance {1}, diagonal {2} %', first, second, third),
    legend: l10n.t('Weight'),
    linesLabel: l10n.t(
      'Lines from each piece to what it looks at. Arrow keys move from piece to piece, Enter keeps one, Escape lets it go.',
    ),
    looksAt: l10n.t('“{0}” looks most at {1}', first, second),
    lookedAtBy: l10n.t('“{0}” is looked at most by {1}', first, second),
    lookPartner: l10n.t('“{0}”: {1} %', first, second),
    lookMean: l10n.t('{0} (mean of {1} heads)', first, second),
    lookHint: l10n.t('Point at a piece, or go there with the arrow keys, to read its strongest weights.'),
    matrixLabel: l10n.t(
      'Heat map. Arrow keys move from cell to cell and tell its weight, plus and minus zoom.',
    ),
    gridLabel: l10n.t('A heat map for each layer and head. Enter shows one large.'),
    queriesSource: l10n.t('A piece of the text …'),
    queriesTarget: l10n.t('Saying this piece …'),
    keysSource: l10n.t('… looks at the text'),
    keysTarget: l10n.t('… looks at what was said'),
    cellValue: l10n.t('“{0}” looks at “{1}”: {2} %', first, second, third),
    cellValueHint: l10n.t('Point at a cell, or go there with the arrow keys, to read its weight.'),
  };
}

function tableTexts() {
  return {
    tableCaption: l10n.t('Where each head looks, as means over its queries'),
    columnHead: l10n.t('Head'),
    columnEntropy: l10n.t('Entropy'),
    columnDistance: l10n.t('Mean distance'),
    columnDiagonal: l10n.t('On the diagonal'),
    columnEntropyHint: l10n.t('In bits: 0 when a head looks at one piece alone, more when it looks widely.'),
    columnDistanceHint: l10n.t('How far from its own place a head looks, in pieces.'),
    columnDiagonalHint: l10n.t('The share of the weight at the own place and its two neighbours.'),
    sortBy: l10n.t('Sort by {0}', first),
    openHead: l10n.t('Show layer {0}, head {1}', first, second),
  };
}

function captionTexts() {
  return {
    shownEncoder: l10n.t(
      'The encoder’s self-attention: each piece of the text (row) looks at the text (columns)',
    ),
    shownDecoder: l10n.t(
      'The decoder’s masked self-attention: saying a piece (row) looks at what was said before (columns)',
    ),
    shownCross: l10n.t(
      'Cross-attention: saying a piece of the translation (row) looks at the text (columns)',
    ),
    shownLayer: l10n.t('layer {0} of {1}', first, second),
    shownLayerMean: l10n.t('mean of {0} layers', first),
    shownLayers: l10n.t('{0} layers', first),
    shownHead: l10n.t('head {0} of {1}', first, second),
    shownHeads: l10n.t('heads {0}', first),
    shownAllHeads: l10n.t('{0} heads', first),
    shownMeanOfHeads: l10n.t('mean of {0} heads', first),
    rowsSum: l10n.t('The weights of a row sum to one.'),
    notACause: l10n.t(
      'They tell where a head looked; that alone does not explain why the model said what it said.',
    ),
    exportLabel: l10n.t('Take it along'),
    saveSvg: l10n.t('Save as SVG'),
    savePng: l10n.t('Save as PNG'),
    saveJson: l10n.t('Save Weights as JSON'),
    copyImage: l10n.t('Copy as Image'),
    copied: l10n.t('Copied'),
    notCopied: l10n.t('It could not be copied: {0}', first),
    saved: l10n.t('Saved'),
    notSaved: l10n.t('It could not be saved: {0}', first),
  };
}
