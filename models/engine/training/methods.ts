/** Which requests have to do with training: their handlers are loaded when the first of them comes. */
import type { EngineMethod } from '../protocol';

export const trainingMethods = [
  'trainingDefaults',
  'planTraining',
  'train',
  'readRun',
  'readHistory',
  'removeRun',
  'averageCheckpoints',
  'evaluateModel',
  'exportModel',
  'findCorpora',
  'corpusFromCatalogues',
  'measureMachine',
] as const satisfies readonly EngineMethod[];

export type TrainingMethod = (typeof trainingMethods)[number];
