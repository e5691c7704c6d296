/** The texts of the panel with curves. Places that the page itself fills, {0} and {1}, are handed through. */
import { l10n } from 'vscode';
import type { CurvesTexts } from '../../webview/training/messages';
import { sharedTexts } from './pageTexts';

const first = '{0}';
const second = '{1}';

export function curvesTexts(): CurvesTexts {
  return {
    ...sharedTexts(),
    runsTitle: l10n.t('Runs'),
    metricLabel: l10n.t('Curve'),
    axisLabel: l10n.t('Across'),
    axisStep: l10n.t('Steps'),
    axisSeconds: l10n.t('Time'),
    axisTokens: l10n.t('Target tokens'),
    logarithmic: l10n.t('Logarithmic'),
    ignoreOutliers: l10n.t('Ignore outliers'),
    ignoreOutliersHint: l10n.t(
      'The greatest and the least hundredth of the jagged values do not decide how high the picture is',
    ),
    smoothing: l10n.t('Smoothing'),
    smoothingHint: l10n.t(
      'How much of what was before counts in the smooth line; the jagged one is as it was',
    ),
    resetZoom: l10n.t('All of It'),
    resetZoomHint: l10n.t('Shows the whole curve again'),
    savePng: l10n.t('Save as PNG'),
    saveSvg: l10n.t('Save as SVG'),
    saveCsv: l10n.t('Save as CSV'),
    saved: l10n.t('Saved'),
    exportLabel: l10n.t('Take it along'),
    showLabel: l10n.t('What is shown'),
    emptyTitle: l10n.t('No runs yet'),
    emptyText: l10n.t(
      'Train a model in the Polyhead sidebar, and its curves are here, while it trains and later.',
    ),
    chooseRuns: l10n.t('Choose a run on the left to see its curves.'),
    showRun: l10n.t('Show {0}', first),
    mainChart: l10n.t('{0} by {1}', first, second),
    validationChart: l10n.t('Validation'),
    scheduleChart: l10n.t('Learning rate'),
    chartHint: l10n.t(
      'Drag to zoom, turn the wheel to zoom, Shift and drag to move, double-click for all of it. Keys: arrows move the cursor, Shift and arrows the picture, plus and minus zoom, 0 shows all.',
    ),
    validationLabel: l10n.t('Validated by'),
    noValidations: l10n.t('Nothing has been validated yet.'),
    nothingYet: l10n.t('The curve begins with the first steps.'),
    reading: l10n.t('Reading the history …'),
    columnRun: l10n.t('Run'),
    columnValue: l10n.t('Value'),
    columnSmoothed: l10n.t('Smoothed'),
    columnStep: l10n.t('Step'),
    columnTime: l10n.t('Time'),
    columnTokens: l10n.t('Tokens'),
    spokenValue: l10n.t('{0}: {1}', first, second),
  };
}
