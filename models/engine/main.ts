/** The engine process's entry: real models behind the door. */
import path from 'node:path';
import type { Devices } from '../devices/devices';
import { loadLanguageDetector } from '../text/languageDetection';
import type { DeviceTranslators } from './deviceTranslators';
import { nativeLibraryFailure } from './failures';
import type { inspectDevices } from './inspectDevices';
import { log } from './log';
import { runEngine } from './run';
import type { createTrainingHandlers } from './training/handlers';

interface Inference {
  readonly translators: DeviceTranslators;
}

interface Training {
  readonly createTrainingHandlers: typeof createTrainingHandlers;
}

interface DeviceInspection {
  readonly Devices: typeof Devices;
  readonly inspectDevices: typeof inspectDevices;
}

/**
 * What needs onnxruntime comes after the handshake: where its native library is missing, somebody is there to be told.
 * A module that has failed once is not tried again, so that the second request gets the sentence of the first.
 */
let inference: Promise<Inference> | undefined;

async function loadInference(): Promise<Inference> {
  try {
    const { Translator } = await import(/* webpackMode: "eager" */ '../inference/translator');
    const { DeviceTranslators } = await import(/* webpackMode: "eager" */ './deviceTranslators');
    const warn = (sentence: string): void => log('warn', sentence);
    const translators = new DeviceTranslators({
      load: (folder, threads, on) => Translator.load(folder, threads, warn, undefined, on),
      openDevices,
      log,
    });
    return { translators };
  } catch (error) {
    throw nativeLibraryFailure(error) ?? error;
  }
}

async function loadTraining(): Promise<Training> {
  try {
    return await import(/* webpackMode: "eager" */ './training/handlers');
  } catch (error) {
    throw nativeLibraryFailure(error) ?? error;
  }
}

async function loadDevices(): Promise<DeviceInspection> {
  try {
    const { Devices } = await import(/* webpackMode: "eager" */ '../devices/devices');
    const { inspectDevices } = await import(/* webpackMode: "eager" */ './inspectDevices');
    return { Devices, inspectDevices };
  } catch (error) {
    throw nativeLibraryFailure(error) ?? error;
  }
}

async function openDevices(file: string): Promise<Devices> {
  const loaded = await loadDevices();
  return new loaded.Devices({ file, module: path.join(__dirname, 'deviceProbe.js') });
}

runEngine({
  async loadTranslator(folder, threads, context) {
    const { translators } = await (inference ??= loadInference());
    return translators.load(folder, threads, context);
  },
  loadLanguageDetector,
  async loadTraining({ devicesFile, ...options }) {
    const { createTrainingHandlers } = await loadTraining();
    return createTrainingHandlers({
      ...options,
      corpusProcess: path.join(__dirname, 'corpus.js'),
      async openDevices() {
        const file = devicesFile();
        return file === undefined ? undefined : openDevices(file);
      },
    });
  },
  async inspectDevices(file, parameters, context) {
    const loaded = await loadDevices();
    const manifest = path.resolve(__dirname, '..', 'package.json');
    return loaded.inspectDevices(parameters, context, await openDevices(file), manifest);
  },
});
