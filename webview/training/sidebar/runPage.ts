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
  // What ended before its first step has nothing to show of it, and never will.
  const vain = run.step === 0 && hasEnded(run);
  return html`<section class="run" aria-labelledby="run-name">
    <header>
      <h2 id="run-name" class="only-read">${run.name}</h2>
      <p class="quiet">
        <span class="state ${run.state}">${stateText(context, run)}</span>
        <span class="pair" title=${fill(texts.pair, formats.language(run.from), formats.language(run.to))}
          >${fill(texts.pair, run.from, run.to)}</span
        >
        ${run.inUse ? html`<span class="state used">${texts.inUse}</span>` : nothing}
      </p>
    </header>
    ${vain ? nothing : progressView(context, run, formats)}
    ${run.sentence === null ? nothing : notice(kindOf(run), run.sentence)}
    ${run.elsewhere ? notice('info', texts.elsewhereHint) : actionsView(context, run)}
    ${
      vain
        ? nothing
        : html`<div class="mini">
              <polyhead-mini-curve
                aria-label=${fill(texts.miniCurveLabel, run.name)}
                .curves=${curves}
                .names=${[texts.loss, texts.validation]}
                .length=${curves?.steps.length ?? 0}
              ></polyhead-mini-curve>
              ${run.step > 1 ? nothing : html`<p class="quiet">${texts.miniCurveEmpty}</p>`}
            </div>
            ${button(texts.curves, {
              icon: 'chart',
              hint: texts.curvesHint,
              press: () => session.showCurves(run.id),
            })}
            ${run.step === 0 ? nothing : figuresView(context, run, formats)}
            ${samplesView(context, run, curves, state.samplesAt, formats)}`
    }
  </section>`;
}

function hasEnded({ state }: RunSummary): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed';
}

/** How the sentence on a run is told. That it was saved is no reason to worry. */
function kindOf({ state, pausedBy }: RunSummary): 'error' | 'info' | 'warning' {
  if (state === 'failed') return 'error';
  return pausedBy === 'window' || state === 'finished' ? 'info' : 'warning';
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
  const spent = formats.duration(run.seconds);
  if (run.state === 'finished') return fill(texts.trainedFor, spent);
  const parts = [
    run.progress === null ? '' : formats.percent(run.progress),
    run.secondsLeft === null ? '' : fill(texts.timeLeft, formats.duration(run.secondsLeft)),
    run.seconds === 0 ? '' : fill(texts.timeSpent, spent),
    fill(texts.budget, run.budget),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function actionsView(context: SidebarContext, run: RunSummary): TemplateResult {
  const { texts, session } = context;
  const act = (action: RunAction) => () => session.act(run.id, action);
  return html`<div class="actions">
    ${goingOn(context, run)}
    ${
      run.usable && !run.inUse
        ? button(texts.use, {
            icon: 'translate',
            kind: run.state === 'finished' ? 'primary' : 'secondary',
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
    ${
      hasEnded(run) && run.copyable
        ? button(texts.copy, { icon: 'copy', hint: texts.copyHint, press: () => session.copy(run.id) })
        : nothing
    }
  </div>`;
}

/** To have the run pause, go on, or end. */
function goingOn({ texts, session, state }: SidebarContext, run: RunSummary): unknown {
  const act = (action: RunAction) => () => session.act(run.id, action);
  const resume = (label: string, hint: string, kind: 'primary' | 'secondary' = 'primary'): unknown =>
    button(label, { icon: 'play', kind, hint, press: act('resume') });
  const stop = (disabled = false): unknown =>
    button(texts.stop, { icon: 'stop', hint: texts.stopHint, disabled, press: act('stop') });
  const saving = run.stage?.kind === 'saving';
  switch (run.state) {
    case 'training':
      return [
        button(texts.pause, {
          icon: 'pause',
          kind: 'primary',
          hint: texts.pauseHint,
          disabled: saving,
          press: act('pause'),
        }),
        stop(saving),
      ];
    case 'waiting':
      // Its window may be gone, and nothing before it be training any more.
      return state.runs.some((other) => other.state === 'training')
        ? [button(texts.pause, { icon: 'pause', hint: texts.pauseHint, press: act('pause') }), stop()]
        : [resume(texts.startNow, texts.startNowHint), stop()];
    case 'paused':
    case 'interrupted':
      return [resume(texts.resume, texts.resumeHint), stop()];
    case 'finished':
    case 'stopped':
      return run.usable
        ? resume(texts.goOn, texts.goOnHint, 'secondary')
        : resume(texts.tryAgain, texts.tryAgainHint, 'secondary');
    case 'failed':
      return resume(texts.tryAgain, run.usable ? texts.resumeHint : texts.tryAgainHint);
  }
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
    ${run.device === null ? nothing : figure(texts.device, run.device === 'cpu' ? texts.deviceCpu : texts.deviceCard)}
    ${figure(texts.size, formats.bytes(run.bytes))}
  </dl>`;
}
