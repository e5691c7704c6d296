/**
 * The names of the page's texts, which the host fills in the person's language (extension/attention/attentionTexts.ts).
 */
export const attentionTextNames = [
  // The sentence
  ...[
    'title',
    'textLabel',
    'textPlaceholder',
    'translationLabel',
    'forcedLabel',
    'ownTranslation',
    'modelLabel',
  ],
  ...['secondModelLabel', 'automaticModel', 'noSecondModel', 'sentenceLabel', 'sentenceOption', 'pairShown'],
  ...['confidenceShown', 'alternativesLabel', 'alternativesHint', 'alternativeScore', 'busy'],
  // States
  ...[
    'emptyTitle',
    'emptyText',
    'emptyExample',
    'exampleSentence',
    'alreadyInTarget',
    'nothingToSee',
    'failureTitle',
    'retry',
  ],
  ...['misunderstood'],
  // Tokens
  ...[
    'sourceTokens',
    'targetTokens',
    'tokenSpoken',
    'probabilitySpoken',
    'startToken',
    'endToken',
    'spaceToken',
  ],
  ...['candidatesLabel', 'candidatesTitle', 'candidatesHint', 'candidatesNone', 'candidateChosen'],
  // Views
  ...[
    'viewsLabel',
    'viewGrid',
    'viewHeads',
    'viewAlignment',
    'viewTable',
    'viewWalk',
    'kindLabel',
    'kindEncoder',
  ],
  ...[
    'kindDecoder',
    'kindCross',
    'layerLabel',
    'layerOption',
    'layerMean',
    'headsLabel',
    'headOption',
    'allHeads',
  ],
  ...['orientationUpright', 'orientationLying', 'zoomIn', 'zoomOut', 'headCell', 'headCellNumbers', 'legend'],
  ...['linesLabel', 'matrixLabel', 'gridLabel', 'queriesSource', 'queriesTarget', 'keysSource', 'keysTarget'],
  ...[
    'cellValue',
    'cellValueHint',
    'tableCaption',
    'columnHead',
    'columnEntropy',
    'columnDistance',
    'columnDiagonal',
  ],
  ...['columnEntropyHint', 'columnDistanceHint', 'columnDiagonalHint', 'sortBy', 'openHead'],
  // What is shown, and taking it along
  ...[
    'shownEncoder',
    'shownDecoder',
    'shownCross',
    'shownLayer',
    'shownLayerMean',
    'shownLayers',
    'shownHead',
  ],
  ...[
    'shownHeads',
    'shownAllHeads',
    'shownMeanOfHeads',
    'rowsSum',
    'notACause',
    'saveSvg',
    'savePng',
    'saveJson',
  ],
  ...['copyImage', 'copied', 'notCopied', 'saved', 'notSaved', 'exportLabel'],
] as const;
