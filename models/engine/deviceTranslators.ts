/**
 * Translators on the device that a person's choice comes to. What fails there is done by the processor, with one sentence.
 * With `auto`, a graphics card of which nothing is known is tried out when nobody has asked for anything for a while.
 */
import type { Choice, Devices } from '../devices/devices';
import { purposes } from '../devices/verdict';
import { onProcessor, type DecodedOn } from '../inference/translator';
import { reasonOf } from '../runtime/reason';
import { UserError } from '../userError';
import type { LoadContext, Observation, Translated, Translator } from './loadedModels';
import { messageOf, type Log } from './log';
import type { DevicesOptions } from './protocol';

export interface DeviceTranslatorsOptions {
  readonly load: (folder: string, threads: number, on: DecodedOn) => Promise<Translator>;
  readonly openDevices: (file: string) => Promise<Pick<Devices, 'choose' | 'chooseTried' | 'tryOutOnce'>>;
  readonly log: Log;
  /** How long nothing must have been asked for before a device is tried out. */
  readonly idleMs?: number;
}

const usualIdleMs = 30_000;

type KnownDevices = Awaited<ReturnType<DeviceTranslatorsOptions['openDevices']>>;

export class DeviceTranslators {
  readonly #options: DeviceTranslatorsOptions;
  readonly #told = new Set<string>();
  #working = 0;
  #idle: NodeJS.Timeout | undefined;
  #trial: AbortController | undefined;
  /** A trial has found a device that models are not loaded for yet. */
  #foundBetter = false;

  constructor(options: DeviceTranslatorsOptions) {
    this.#options = options;
  }

  /** @throws what loading for the processor throws */
  async load(folder: string, threads: number, context: LoadContext): Promise<Translator> {
    const { devices: chosen, notify } = context;
    const { load, log } = this.#options;
    const onCpu = (): Promise<Translator> => load(folder, threads, onProcessor);
    if (chosen === undefined || chosen.translation === 'cpu') return onCpu();
    const tell = (sentence: string): void => {
      log('warn', sentence);
      if (!this.#told.has(sentence)) notify(sentence);
      this.#told.add(sentence);
    };
    const devices = await this.#open(chosen);
    const { device, keepsBytes, sentence } = await this.#choose(devices, chosen);
    if (sentence !== undefined) tell(sentence);
    if (device === 'cpu') {
      const translator = await onCpu();
      if (!chosen.tryOut || chosen.translation !== 'auto' || devices === undefined) return translator;
      return new WatchedTranslator(translator, {
        begin: () => this.#begin(),
        end: () => this.#end(devices, tell),
        better: () => this.#loadBetter(devices, folder, threads, context),
      });
    }
    const instead = async (error: unknown): Promise<Translator> => {
      tell(`The device for ${device} failed (${reasonOf(error)}), so that the processor translates.`);
      return onCpu();
    };
    try {
      const on: DecodedOn = { device, weights: keepsBytes ? 'asStored' : 'float32' };
      const translator = await load(folder, threads, on);
      log('info', `The model in ${folder} is computed by ${device}.`);
      return new WatchedTranslator(translator, { instead });
    } catch (error) {
      if (error instanceof UserError) throw error;
      return instead(error);
    }
  }

  /** The model on the device that a trial has found; undefined where there is none, or it cannot be loaded there. */
  async #loadBetter(
    devices: KnownDevices,
    folder: string,
    threads: number,
    context: LoadContext,
  ): Promise<Translator | undefined> {
    if (!this.#foundBetter) return undefined;
    try {
      this.#foundBetter = await this.#prefersCard(devices);
      return this.#foundBetter ? await this.load(folder, threads, context) : undefined;
    } catch (error) {
      // The model that is in memory is still good.
      this.#options.log('warn', `The model in ${folder} stays on the processor: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #prefersCard(devices: KnownDevices): Promise<boolean> {
    const { device } = await devices.chooseTried('auto', 'translation');
    return device !== 'cpu';
  }

  async #open({ file }: DevicesOptions): Promise<KnownDevices | undefined> {
    try {
      return await this.#options.openDevices(file);
    } catch (error) {
      this.#options.log('warn', `Devices cannot be tried out: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #choose(devices: KnownDevices | undefined, { translation }: DevicesOptions): Promise<Choice> {
    const processor = { device: 'cpu', keepsBytes: true } as const;
    if (devices === undefined) return processor;
    try {
      return await devices.chooseTried(translation, 'translation');
    } catch (error) {
      // A file that cannot be written, say.
      return {
        ...processor,
        sentence: `Devices cannot be tried out: ${messageOf(error)}. The processor computes.`,
      };
    }
  }

  /** Somebody waits for a translation: a trial would hold it up. */
  #begin(): void {
    this.#working++;
    clearTimeout(this.#idle);
    this.#trial?.abort();
  }

  #end(devices: KnownDevices, tell: (sentence: string) => void): void {
    if (--this.#working > 0) return;
    this.#idle = setTimeout(() => void this.#tryOut(devices, tell), this.#options.idleMs ?? usualIdleMs);
    this.#idle.unref();
  }

  async #tryOut(devices: KnownDevices, tell: (sentence: string) => void): Promise<void> {
    const { log } = this.#options;
    const trial = (this.#trial = new AbortController());
    try {
      for (const purpose of purposes) {
        const verdict = await devices.tryOutOnce(purpose, trial.signal);
        if (verdict === undefined) continue;
        const { outcome, sentence, adapter = 'unknown' } = verdict;
        log('info', 'A device has been tried out.', { device: 'webgpu', purpose, outcome, adapter });
        // Where there is no card, there is nothing to tell.
        if (sentence !== undefined && outcome !== 'absent') tell(`${sentence} The processor computes.`);
      }
      this.#foundBetter ||= await this.#prefersCard(devices);
    } catch (error) {
      if (!trial.signal.aborted) log('warn', `Devices cannot be tried out: ${messageOf(error)}`);
    }
  }
}

interface Watch {
  readonly begin?: () => void;
  readonly end?: () => void;
  /** The same model on a device that has turned out to be quicker; asked before each work until there is one. */
  readonly better?: () => Promise<Translator | undefined>;
  /** Another translator for one that has failed. */
  readonly instead?: (error: unknown) => Promise<Translator>;
}

class WatchedTranslator implements Translator {
  readonly id: string;
  readonly shape: Translator['shape'];
  #watch: Watch;
  #translator: Translator;
  #hasFailed = false;

  constructor(translator: Translator, watch: Watch) {
    this.#translator = translator;
    this.#watch = watch;
    this.id = translator.id;
    this.shape = translator.shape;
  }

  translate(...given: Parameters<Translator['translate']>): Promise<Translated[]> {
    return this.#work((translator) => translator.translate(...given), given[1].signal);
  }

  observe(...given: Parameters<Translator['observe']>): Promise<Observation> {
    return this.#work((translator) => translator.observe(...given), given[1].signal);
  }

  attention(...given: Parameters<Translator['attention']>): ReturnType<Translator['attention']> {
    return this.#translator.attention(...given);
  }

  walk(...given: Parameters<Translator['walk']>): ReturnType<Translator['walk']> {
    return this.#translator.walk(...given);
  }

  dispose(): Promise<void> {
    return this.#translator.dispose();
  }

  async #work<T>(work: (translator: Translator) => Promise<T>, signal: AbortSignal): Promise<T> {
    const watch = this.#watch;
    watch.begin?.();
    try {
      const better = await watch.better?.();
      if (better !== undefined) await this.#replaceBy(better, {});
      return await work(this.#translator);
    } catch (error) {
      const { instead } = watch;
      if (instead === undefined || this.#hasFailed || signal.aborted || error instanceof UserError)
        throw error;
      this.#hasFailed = true;
      await this.#replaceBy(await instead(error), watch);
      return await work(this.#translator);
    } finally {
      watch.end?.();
    }
  }

  async #replaceBy(translator: Translator, watch: Watch): Promise<void> {
    const before = this.#translator;
    [this.#translator, this.#watch] = [translator, watch];
    // One that has failed may fail at that, too.
    await before.dispose().catch(() => undefined);
  }
}
