/** The engine's handlers of everything that has to do with training. */
import { presetConfig, presets, type PresetName } from '../../transformer/config';
import { parameterCount } from '../../transformer/model';
import { measureMachine } from '../../training/machine';
import { defaultSettings } from '../../training/runSettings';
import type { Log } from '../log';
import type { EngineHandlers, ReplyOf } from '../protocol';
import { corpusFromCatalogues, findCorpora } from './corpusRequests';
import type { TrainingMethod } from './methods';
import { averageRequest, evaluateRequest, exportRequest } from './modelRequests';
import { planRequest, type PlanRequestOptions } from './planRequest';
import { readHistory, readRun, removeRun } from './runRequests';
import { absolute, defaultLeg, settingsOf } from './settings';
import type { TrainingSlot } from './slot';
import { trainRequest } from './trainRequest';
import { without } from './without';

export type TrainingHandlers = Pick<EngineHandlers, TrainingMethod>;

export interface TrainingHandlersOptions extends PlanRequestOptions {
  readonly slot: TrainingSlot;
  /** Of one operator, as the handshake says. */
  readonly threads: () => number;
  readonly log: Log;
}

export function createTrainingHandlers({
  slot,
  corpusProcess,
  loadLanguageDetector,
  openDevices,
  threads,
  log,
}: TrainingHandlersOptions): TrainingHandlers {
  return {
    trainingDefaults: () => Promise.resolve(trainingDefaults()),
    async train(parameters, context) {
      const outcome = await trainRequest(parameters, context, { slot, corpusProcess, openDevices });
      log('info', `A leg of the training in ${parameters.folder} has ended.`, {
        kind: outcome.kind,
        reason: outcome.reason,
        step: outcome.step,
      });
      return outcome;
    },
    planTraining: (parameters, context) =>
      planRequest(parameters, context, { corpusProcess, loadLanguageDetector, openDevices }),
    readRun,
    readHistory,
    removeRun,
    averageCheckpoints: averageRequest,
    evaluateModel: (parameters, context) => evaluateRequest(parameters, context, threads()),
    exportModel: exportRequest,
    findCorpora,
    corpusFromCatalogues,
    async measureMachine({ folder }) {
      const { onBattery, ...machine } = await measureMachine(absolute(folder, 'The folder'));
      return { ...machine, ...(onBattery !== undefined && { onBattery }) };
    },
  };
}

function trainingDefaults(): ReplyOf<'trainingDefaults'> {
  const settings = settingsOf({ ...defaultSettings, corpora: [], from: '', to: '', peakLearningRate: 0 });
  return {
    settings: without(settings, 'corpora', 'from', 'to', 'peakLearningRate'),
    leg: defaultLeg,
    presets: Object.keys(presets).map((name) => ({
      name,
      model: { ...presets[name as PresetName] },
      parameters: parameterCount(presetConfig(name as PresetName, defaultSettings.vocabularySize)),
    })),
  };
}
