/** The page with curves: what is shown at the left, the charts at the right. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { css } from '../../components/colour';
import { fill } from '../../components/pageStart';
import type { Theme } from '../../components/theme';
import type { CurvesTexts, RunSummary } from '../messages';
import type { Formats } from '../numbers/format';
import type { ChartModel } from './chart';
import type { CurveLook } from './chartPicture';
import {
  chartsOf,
  formatAxis,
  formatMetric,
  lookOf,
  readingOf,
  type Charts,
  type Reading,
  type ShownRun,
} from './charts';
import { csvOf } from './csv';
import { figureOf, type Figure } from './figure';
import { pngOf } from './figurePng';
import { svgOf } from './figureSvg';
import { axes, metrics, validationMetrics, type Axis, type Metric, type ValidationMetric } from './series';
import type { CurvesContext } from './session';

export function curvesPage(context: CurvesContext, theme: Theme, formats: Formats): TemplateResult {
  const { texts, session, state } = context;
  if (!state.opened || state.runs.length === 0) return emptyPage(context);
  const shownIds = new Set(session.shown.map(({ id }) => id));
  const all = state.runs.map((run, place) => ({
    run,
    look: lookOf(state.runs.length - 1 - place, theme),
    curves: session.histories.get(run.id),
  }));
  const shown = all.filter(({ run }) => shownIds.has(run.id));
  const charts = chartsOf(shown, session, theme, formats);
  return html`<div class="page">
    <aside aria-label=${texts.showLabel}>
      ${runsView(context, all, shownIds, charts, formats)} ${choicesView(context)}
      ${exportView(context, shown, charts, theme)}
      ${state.failure === null ? nothing : html`<p class="failure" role="alert">${state.failure}</p>`}
      <p class="quiet" role="status">${state.notice}</p>
    </aside>
    <main>${chartsView(context, shown, charts, formats)}</main>
    <p class="only-read" aria-live="polite">
      ${state.spoken && state.cursor !== null ? spokenText(context, shown, charts, formats) : ''}
    </p>
  </div>`;
}

function emptyPage({ texts, state }: CurvesContext): TemplateResult {
  if (!state.opened) {
    return html`<div class="empty">
      ${
        state.failure === null
          ? html`<progress aria-label=${texts.loading}></progress>`
          : html`<p role="alert">${state.failure}</p>`
      }
    </div>`;
  }
  return html`<div class="empty">
    <h1>${texts.emptyTitle}</h1>
    <p class="quiet">${texts.emptyText}</p>
  </div>`;
}

// ---- What is shown

function runsView(
  context: CurvesContext,
  all: readonly ShownRun[],
  shownIds: ReadonlySet<string>,
  charts: Charts | undefined,
  formats: Formats,
): TemplateResult {
  const { texts, session, state } = context;
  return html`<section aria-labelledby="runs-title">
    <h2 id="runs-title">${texts.runsTitle}</h2>
    <ul class="runs">
      ${all.map((one) => {
        const { run, look } = one;
        const isShown = shownIds.has(run.id);
        const reading = isShown && charts !== undefined ? readingFor(context, one, charts) : undefined;
        return html`<li>
          <label title=${fill(texts.showRun, run.name)}>
            <input type="checkbox" .checked=${isShown} @change=${() => session.toggle(run.id)} />
            ${swatch(look)}
            <span class="name">${run.name}</span>
            <small>${run.from} → ${run.to} · ${stateOf(texts, run)}</small>
          </label>
          ${
            reading === undefined
              ? nothing
              : html`<p class="reading">
                  ${
                    state.view.smoothing > 0 && Number.isFinite(reading.smooth)
                      ? html`<b>${formatMetric(state.view.metric, reading.smooth, formats)}</b>
                          <small>${formatMetric(state.view.metric, reading.value, formats)}</small>`
                      : html`<b>${formatMetric(state.view.metric, reading.value, formats)}</b>`
                  }
                  <span class="quiet">${whereText(texts, state.view.axis, reading, formats)}</span>
                </p>`
          }
        </li>`;
      })}
    </ul>
  </section>`;
}

function whereText(texts: CurvesTexts, axis: Axis, { step, x }: Reading, formats: Formats): string {
  const steps = `${texts.columnStep} ${formats.count(step)}`;
  return axis === 'step' ? steps : `${steps} · ${formatAxis(axis, x, formats)}`;
}

function readingFor(
  { state }: CurvesContext,
  { run, curves }: ShownRun,
  { main }: Charts,
): Reading | undefined {
  if (curves === undefined) return undefined;
  const { axis } = state.view;
  const curve = main.curves.find(({ x }) => x === curves.steps.columns[axis]);
  return curve === undefined || (run.step === 0 && curve.length === 0)
    ? undefined
    : readingOf(curve, curves.steps.columns.step, state.cursor, main.range);
}

function spokenText(
  context: CurvesContext,
  shown: readonly ShownRun[],
  charts: Charts | undefined,
  formats: Formats,
): string {
  if (charts === undefined) return '';
  const { texts, state } = context;
  return shown
    .flatMap((one) => {
      const reading = readingFor(context, one, charts);
      if (reading === undefined) return [];
      const value = Number.isFinite(reading.smooth) ? reading.smooth : reading.value;
      const where = whereText(texts, state.view.axis, reading, formats);
      return [
        fill(texts.spokenValue, one.run.name, `${formatMetric(state.view.metric, value, formats)}, ${where}`),
      ];
    })
    .join('; ');
}

/** What all runs say where the cursor stands, in the order in which their lines lie there; screen readers are told it otherwise. */
function cursorView(
  context: CurvesContext,
  shown: readonly ShownRun[],
  charts: Charts,
  formats: Formats,
): TemplateResult | typeof nothing {
  const { texts, state } = context;
  const { cursor, view } = state;
  if (cursor === null) return nothing;
  const rows = shown
    .flatMap((one) => {
      const reading = readingFor(context, one, charts);
      return reading === undefined ? [] : [{ ...one, reading, curves: one.curves! }];
    })
    .sort((one, other) => heightOf(other.reading) - heightOf(one.reading));
  if (rows.length === 0) return nothing;
  const [low, high] = charts.main.range;
  const side = cursor > (low + high) / 2 ? 'before' : 'behind';
  const hasSmooth = view.smoothing > 0;
  const value = (number: number): string =>
    Number.isFinite(number) ? formatMetric(view.metric, number, formats) : '–';
  return html`<div class="tip ${side}" aria-hidden="true">
    <table>
      <tr>
        <th></th>
        <th>${texts.columnRun}</th>
        ${hasSmooth ? html`<th>${texts.columnSmoothed}</th>` : nothing}
        <th>${texts.columnValue}</th>
        <th>${texts.columnStep}</th>
        <th>${texts.columnTime}</th>
        <th>${texts.columnTokens}</th>
      </tr>
      ${rows.map(({ run, look, reading, curves }) => {
        const { seconds, targetTokens } = curves.steps.columns;
        return html`<tr>
          <td>${swatch(look)}</td>
          <td class="name">${run.name}</td>
          ${hasSmooth ? html`<td><b>${value(reading.smooth)}</b></td>` : nothing}
          <td>${value(reading.value)}</td>
          <td>${formats.count(reading.step)}</td>
          <td>${formatAxis('seconds', seconds[reading.index]!, formats)}</td>
          <td>${formatAxis('targetTokens', targetTokens[reading.index]!, formats)}</td>
        </tr>`;
      })}
    </table>
  </div>`;
}

/** Where the line is that one looks at. */
function heightOf({ smooth, value }: Reading): number {
  const height = Number.isFinite(smooth) ? smooth : value;
  return Number.isFinite(height) ? height : -Infinity;
}

function swatch({ colour, dash }: CurveLook): TemplateResult {
  return html`<svg class="swatch" viewBox="0 0 26 10" aria-hidden="true">
    ${svg`<line x1="1" y1="5" x2="25" y2="5" stroke-width="2.5" stroke=${css(colour)} stroke-dasharray=${dash.join(' ')} />`}
  </svg>`;
}

function stateOf(texts: CurvesTexts, { state, elsewhere }: RunSummary): string {
  if (elsewhere) return texts.stateElsewhere;
  switch (state) {
    case 'waiting':
      return texts.stateWaiting;
    case 'training':
      return texts.stateTraining;
    case 'paused':
      return texts.statePaused;
    case 'interrupted':
      return texts.stateInterrupted;
    case 'finished':
      return texts.stateFinished;
    case 'stopped':
      return texts.stateStopped;
    case 'failed':
      return texts.stateFailed;
  }
}

function choicesView({ texts, session, state }: CurvesContext): TemplateResult {
  const { view, range } = state;
  const chooser = <Value extends string>(
    label: string,
    values: readonly Value[],
    nameOf: (value: Value) => string,
    chosen: Value,
    choose: (value: Value) => void,
  ): TemplateResult =>
    html`<label class="choice">
      <span>${label}</span>
      <select @change=${({ target }: Event) => choose(values[(target as HTMLSelectElement).selectedIndex]!)}>
        ${values.map((value) => html`<option .selected=${value === chosen}>${nameOf(value)}</option>`)}
      </select>
    </label>`;
  return html`<section class="choices">
    ${chooser(
      texts.metricLabel,
      metrics,
      (metric) => metricName(texts, metric),
      view.metric,
      (metric) => session.choose({ metric }),
    )}
    ${chooser(
      texts.validationLabel,
      validationMetrics,
      (metric) => validationName(texts, metric),
      view.validation,
      (validation) => session.choose({ validation }),
    )}
    ${chooser(
      texts.axisLabel,
      axes,
      (axis) => axisName(texts, axis),
      view.axis,
      (axis) => session.choose({ axis }),
    )}
    <label class="choice" title=${texts.smoothingHint}>
      <span>${texts.smoothing}</span>
      <input
        type="range"
        min="0"
        max="4"
        step="0.05"
        .value=${String(weightToSlider(view.smoothing))}
        aria-valuetext=${String(view.smoothing)}
        @input=${({ target }: InputEvent) =>
          session.choose({ smoothing: sliderToWeight(Number((target as HTMLInputElement).value)) })}
      />
      <output>${view.smoothing}</output>
    </label>
    <label class="check">
      <input
        type="checkbox"
        .checked=${view.logarithmic}
        @change=${() => session.choose({ logarithmic: !view.logarithmic })}
      />
      <span>${texts.logarithmic}</span>
    </label>
    <label class="check" title=${texts.ignoreOutliersHint}>
      <input
        type="checkbox"
        .checked=${view.ignoreOutliers}
        @change=${() => session.choose({ ignoreOutliers: !view.ignoreOutliers })}
      />
      <span>${texts.ignoreOutliers}</span>
    </label>
    <button
      type="button"
      class="secondary"
      title=${texts.resetZoomHint}
      aria-disabled=${range === null}
      @click=${() => session.zoom(null)}
    >
      ${texts.resetZoom}
    </button>
  </section>`;
}

/** Weights are close to one where they matter: each mark of the slider is ten times closer. */
const weightToSlider = (weight: number): number => Math.round(-Math.log10(1 - weight) * 20) / 20;
const sliderToWeight = (value: number): number => Math.round((1 - 10 ** -value) * 10_000) / 10_000;

function metricName(texts: CurvesTexts, metric: Metric): string {
  const names: Readonly<Record<Metric, string>> = {
    loss: texts.loss,
    perplexity: texts.perplexity,
    gradientNorm: texts.gradientNorm,
    targetTokensPerSecond: texts.tokensPerSecond,
  };
  return names[metric];
}

function validationName(texts: CurvesTexts, metric: ValidationMetric): string {
  const names: Readonly<Record<ValidationMetric, string>> = {
    loss: texts.validationLoss,
    perplexity: texts.validationPerplexity,
    bleu: texts.bleu,
    chrf: texts.chrf,
  };
  return names[metric];
}

function axisName(texts: CurvesTexts, axis: Axis): string {
  const names: Readonly<Record<Axis, string>> = {
    step: texts.axisStep,
    seconds: texts.axisSeconds,
    targetTokens: texts.axisTokens,
  };
  return names[axis];
}

// ---- The charts

function chartsView(
  context: CurvesContext,
  shown: readonly ShownRun[],
  charts: Charts | undefined,
  formats: Formats,
): TemplateResult {
  const { texts, session, state } = context;
  if (shown.length === 0) return html`<p class="quiet hint">${texts.chooseRuns}</p>`;
  if (charts === undefined) {
    const reading = shown.some(({ curves }) => curves === undefined || !curves.complete);
    return html`<p class="quiet hint">${reading ? texts.reading : texts.nothingYet}</p>`;
  }
  const { view } = state;
  const chart = (name: string, size: string, model: ChartModel, beside: unknown = nothing): TemplateResult =>
    html`<figure class=${size}>
      <figcaption>${name}</figcaption>
      ${beside}
      <polyhead-curve-chart
        aria-label="${name}. ${texts.chartHint}"
        title=""
        .listener=${session}
        .model=${model}
        .cursor=${state.cursor}
      ></polyhead-curve-chart>
    </figure>`;
  const hasValidations = charts.validation.curves.some(({ length }) => length > 0);
  return html`${chart(
      fill(texts.mainChart, metricName(texts, view.metric), axisName(texts, view.axis)),
      'large',
      charts.main,
      cursorView(context, shown, charts, formats),
    )}
    ${
      hasValidations
        ? chart(validationName(texts, view.validation), 'middle', charts.validation)
        : html`<figure class="middle">
            <figcaption>${validationName(texts, view.validation)}</figcaption>
            <p class="quiet hint">${texts.noValidations}</p>
          </figure>`
    }
    ${chart(texts.scheduleChart, 'small', charts.schedule)}
    <p class="quiet footnote">${texts.chartHint}</p>`;
}

// ---- Files

function exportView(
  { texts, session, state }: CurvesContext,
  shown: readonly ShownRun[],
  charts: Charts | undefined,
  theme: Theme,
): TemplateResult {
  const disabled = charts === undefined;
  const name = shown.length === 1 ? shown[0]!.run.name : texts.runsTitle;
  const figure = (): Figure => {
    const { view } = state;
    const drawn = shown.filter(({ curves }) => (curves?.steps.length ?? 0) > 0);
    return figureOf(
      [
        { title: metricName(texts, view.metric), model: charts!.main, share: 3 },
        ...(charts!.validation.curves.some(({ length }) => length > 0)
          ? [{ title: validationName(texts, view.validation), model: charts!.validation, share: 2 }]
          : []),
        { title: texts.scheduleChart, model: charts!.schedule, share: 1.2 },
      ],
      drawn.map(({ run, look }) => ({ name: run.name, look })),
      axisName(texts, view.axis),
      theme,
    );
  };
  const save = (label: string, format: 'png' | 'svg' | 'csv'): TemplateResult =>
    html`<button
      type="button"
      class="secondary"
      ?disabled=${disabled}
      @click=${() =>
        void session.save(
          format,
          name,
          () => {
            if (format === 'png') return pngOf(figure());
            if (format === 'svg') return new TextEncoder().encode(svgOf(figure()));
            return csvOf(
              shown.flatMap(({ run, curves }) => (curves === undefined ? [] : [{ name: run.name, curves }])),
            );
          },
          texts.saved,
        )}
    >
      ${label}
    </button>`;
  return html`<section aria-label=${texts.exportLabel} class="export">
    ${save(texts.savePng, 'png')} ${save(texts.saveSvg, 'svg')} ${save(texts.saveCsv, 'csv')}
  </section>`;
}
