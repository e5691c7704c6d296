/** A run as it goes: what it does, how far it is, how well, and what it says by now. */
import { html, nothing, type TemplateResult } from 'lit';
import { fill } from '../../components/pageStart';
import type { RunAction, RunState, RunSummary, Stage } from '../messages';
import type { Formats } from '../numbers/format';
import { bar, button, notice } from './parts';
import { samplesView } from './samples';
import type { SidebarContext } from './session';

export function runPage(context: SidebarContext, run: RunSummary, formats: Formats): TemplateResult {
  const { texts, session, state } = context;
  const curves = session.histories.get(run.id);
  return html`<section class="run" aria-labelledby="run-name">
    <header>
      <h2 id="run-name">${run.name}</h2>
      <p class="quiet">
        <span class="pair">${fill(texts.pair, run.from, run.to)}</span>
        <span class="state ${run.state}">${stateText(context, run)}</span>
        ${run.inUse ? html`<span class="state used">${texts.inUse}</span>` : nothing}
      </p>
    </header>
    ${progressView(context, run, formats)}
    ${run.sentence === null ? nothing : notice(run.state === 'failed' ? 'error' : 'warning', run.sentence)}
    ${run.elsewhere ? notice('info', texts.elsewhereHint) : actionsView(context, run)}
    ${run.step === 0 ? nothing : figuresView(context, run, formats)}
    <div class="mini">
      <polyhead-mini-curve
        aria-label=${fill(texts.miniCurveLabel, run.name)}
        .curves=${curves}
        .length=${curves?.steps.length ?? 0}
      ></polyhead-mini-curve>
      ${run.step > 1 ? nothing : html`<p class="quiet">${texts.miniCurveEmpty}</p>`}
    </div>
    ${button(texts.curves, {
      icon: 'chart',
      hint: texts.curvesHint,
      press: () => session.showCurves(run.id),
    })}
    ${samplesView(context, curves, state.samplesAt, formats)}
  </section>`;
}

function stateText({ texts }: SidebarContext, { state, elsewhere }: RunSummary): string {
  const words: Readonly<Record<RunState, string>> = {
    waiting: texts.stateWaiting,
    training: texts.stateTraining,
    paused: texts.statePaused,
    interrupted: texts.stateInterrupted,
    finished: texts.stateFinished,
    stopped: texts.stateStopped,
    failed: texts.stateFailed,
  };
  return elsewhere ? texts.stateElsewhere : words[state];
}

function progressView(context: SidebarContext, run: RunSummary, formats: Formats): TemplateResult {
  const { texts } = context;
  const { stage, progress } = run;
  // A stage has its own measure of how far it is.
  const share = stage === null ? progress : stage.of === null ? null : stage.done / Math.max(1, stage.of);
  const words = stage === null ? legWords(context, run, formats) : stageWords(context, stage, formats);
  const moving = run.state === 'training';
  return html`<div class="progress">
    ${moving || share !== null ? bar(texts.progressLabel, share) : nothing}
    <p class="quiet" aria-live="off">${words}</p>
  </div>`;
}

function stageWords(
  { texts }: SidebarContext,
  { kind, done, of }: NonNullable<RunSummary['stage']>,
  formats: Formats,
): string {
  const words: Readonly<Record<Stage, string>> = {
    starting: texts.stageStarting,
    reading: texts.stageReading,
    learning: texts.stageLearning,
    encoding: texts.stageEncoding,
    saving: texts.stageSaving,
  };
  if (done === 0 && of === null) return words[kind];
  const many =
    of === null
      ? fill(texts.soMany, formats.count(done))
      : fill(texts.ofMany, formats.count(done), formats.count(of));
  return `${words[kind]} · ${many}`;
}

function legWords({ texts }: SidebarContext, run: RunSummary, formats: Formats): string {
  const parts = [
    run.progress === null ? '' : formats.percent(run.progress),
    run.secondsLeft === null ? '' : fill(texts.timeLeft, formats.duration(run.secondsLeft)),
    run.seconds === 0 ? '' : fill(texts.timeSpent, formats.duration(run.seconds)),
    run.state === 'finished' ? '' : fill(texts.budget, run.budget),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function actionsView({ texts, session }: SidebarContext, run: RunSummary): TemplateResult {
  const act = (action: RunAction) => () => session.act(run.id, action);
  const { state, usable } = run;
  const saving = run.stage?.kind === 'saving';
  const active = state === 'training' || state === 'waiting';
  const ended = state === 'finished' || state === 'stopped' || state === 'failed';
  return html`<div class="actions">
    ${
      active
        ? button(texts.pause, {
            icon: 'pause',
            kind: 'primary',
            hint: texts.pauseHint,
            disabled: saving,
            press: act('pause'),
          })
        : ended
          ? button(texts.goOn, { icon: 'play', hint: texts.goOnHint, press: act('resume') })
          : button(texts.resume, {
              icon: 'play',
              kind: 'primary',
              hint: texts.resumeHint,
              press: act('resume'),
            })
    }
    ${
      ended
        ? nothing
        : button(texts.stop, { icon: 'stop', hint: texts.stopHint, disabled: saving, press: act('stop') })
    }
    ${
      usable && !run.inUse
        ? button(texts.use, {
            icon: 'translate',
            kind: ended ? 'primary' : 'secondary',
            hint: texts.useHint,
            press: act('use'),
          })
        : nothing
    }
    ${
      run.inUse
        ? button(texts.giveUp, { icon: 'back', hint: texts.giveUpHint, press: act('giveUp') })
        : nothing
    }
  </div>`;
}

function figuresView({ texts }: SidebarContext, run: RunSummary, formats: Formats): TemplateResult {
  const { validation, best } = run;
  const figure = (label: string, value: string | null, detail = ''): unknown =>
    value === null
      ? nothing
      : html`<div>
          <dt>${label}</dt>
          <dd>${value}${detail === '' ? nothing : html`<small>${detail}</small>`}</dd>
        </div>`;
  const perhaps = (value: number | null, format: (value: number) => string): string | null =>
    value === null ? null : format(value);
  const bestDetail = best === null ? '' : fill(texts.bestAt, formats.count(best.step));
  return html`<dl class="figures">
    ${figure(texts.step, formats.count(run.step), fill(texts.epoch, formats.count(run.epoch)))}
    ${figure(
      texts.loss,
      perhaps(run.loss, (value) => formats.figure(value)),
    )}
    ${figure(
      texts.perplexity,
      perhaps(run.perplexity, (value) => formats.figure(value)),
    )}
    ${figure(
      texts.learningRate,
      perhaps(run.learningRate, (value) => formats.rate(value)),
    )}
    ${
      run.state === 'training'
        ? figure(
            texts.speed,
            perhaps(run.tokensPerSecond, (value) => fill(texts.perSecond, formats.roughly(value))),
          )
        : nothing
    }
    ${figure(
      texts.bleu,
      perhaps(validation?.bleu ?? null, (value) => formats.score(value)),
      best === null || best.bleu === null ? '' : fill(texts.best, formats.score(best.bleu)),
    )}
    ${figure(
      texts.validationLoss,
      perhaps(validation?.loss ?? null, (value) => formats.figure(value)),
      bestDetail,
    )}
    ${figure(
      texts.parameters,
      perhaps(run.parameters, (value) => formats.roughly(value)),
    )}
    ${figure(texts.size, formats.bytes(run.bytes))}
  </dl>`;
}
