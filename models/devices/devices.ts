/**
 * The devices of this machine: what is known of them, what a person's choice comes to, and how more is found out. Each is
 * tried out in a process of its own (probe/), and what came of it is remembered for this driver and version.
 */
import { listedDevices, runtimeVersion, type InferenceDevice } from '../runtime/session';
import { machineKey, mayHaveCard } from './machine';
import { runProbe, usualLimitMs } from './probe/client';
import {
  isQuicker,
  otherDevices,
  purposes,
  serves,
  type DeviceSetting,
  type OtherDevice,
  type Purpose,
  type Verdict,
} from './verdict';
import { isVerdict, keyOf, VerdictFile, type Begun, type Known, type Verdicts } from './verdictFile';

export interface DevicesOptions {
  /** Where verdicts are kept (verdictFile.ts). */
  readonly file: string;
  /** The probing process's bundle. */
  readonly module: string;
  readonly limitMs?: number;
}

/** What computes, and why it is not what was asked for. */
export interface Choice {
  readonly device: InferenceDevice;
  /** Whether matrices in 8 bits stay so. */
  readonly keepsBytes: boolean;
  /** For people; where there is none, all is as it was asked for. */
  readonly sentence?: string;
}

/** Trials that never ended, one after the other, until none is begun any more by itself. */
const mostTimes = 3;

const processor: Choice = { device: 'cpu', keepsBytes: true };

export interface TrialProgress {
  readonly device: OtherDevice;
  readonly purpose: Purpose;
  readonly done: number;
  readonly total: number;
}

export class Devices {
  private readonly verdicts: VerdictFile;
  private machine: Promise<string> | undefined;

  constructor(private readonly options: DevicesOptions) {
    this.verdicts = new VerdictFile(options.file, () => (this.machine ??= machineKey(runtimeVersion)));
  }

  /** What onnxruntime names besides the processor. */
  get listed(): OtherDevice[] {
    const names = listedDevices();
    return otherDevices.filter((device) => names.includes(device));
  }

  known(): Promise<Verdicts> {
    return this.verdicts.read();
  }

  /**
   * What a setting comes to by what is known: `auto` is the graphics card where it is right and quicker, and else the
   * processor, without a word.
   *
   * @returns undefined where a device that was asked for by name has not been tried out
   */
  async choose(setting: DeviceSetting, purpose: Purpose): Promise<Choice | undefined> {
    if (setting === 'cpu') return processor;
    if (setting === 'auto') {
      const takes = (known: Known | undefined): known is Verdict =>
        isVerdict(known) && isQuicker(known, purpose);
      const key = keyOf('webgpu', purpose);
      // Asked at every first translation: most often it does not matter whether what is written there still holds.
      if (!takes((await this.verdicts.peek()).get(key))) return processor;
      const known = (await this.known()).get(key);
      return takes(known) ? on('webgpu', known) : processor;
    }
    if (!this.listed.includes(setting)) {
      const listed = ['cpu', ...this.listed].join(', ');
      const sentence = `This machine has no “${setting}” (it has ${listed}), so that the processor computes.`;
      return { ...processor, sentence };
    }
    if (!serves(setting, purpose)) throw new Error(`${setting} is not for ${purpose}.`);
    const known = (await this.known()).get(keyOf(setting, purpose));
    if (isVerdict(known)) return fromVerdict(setting, known);
    if (known === undefined || this.mayBegin(known)) return undefined;
    return { ...processor, sentence: unfinished(setting, known) };
  }

  /** The same, but that a device which was asked for by name is tried out where it has not been. */
  async chooseTried(setting: DeviceSetting, purpose: Purpose, signal?: AbortSignal): Promise<Choice> {
    const chosen = await this.choose(setting, purpose);
    if (chosen !== undefined) return chosen;
    const device = setting as OtherDevice;
    return fromVerdict(device, await this.tryOut(device, purpose, false, signal));
  }

  /**
   * Tries the graphics card out for `auto`, if nothing is known of it and there may be one.
   *
   * @returns the verdict, where there is a new one
   */
  async tryOutOnce(purpose: Purpose, signal?: AbortSignal): Promise<Verdict | undefined> {
    const known = (await this.known()).get(keyOf('webgpu', purpose));
    if (isVerdict(known) && (known.outcome !== 'right' || known.paces !== undefined)) return undefined;
    if (isBegun(known) && !this.mayBegin(known)) return undefined;
    if (!this.listed.includes('webgpu') || !(await mayHaveCard())) return undefined;
    return this.tryOut('webgpu', purpose, true, signal);
  }

  /** Tries out all that onnxruntime names, whatever is known; each verdict is kept as it comes. */
  async tryOutAll(onProgress: (progress: TrialProgress) => void, signal?: AbortSignal): Promise<void> {
    const trials = this.listed.flatMap((device) =>
      purposes.filter((purpose) => serves(device, purpose)).map((purpose) => ({ device, purpose })),
    );
    for (const [done, { device, purpose }] of trials.entries()) {
      onProgress({ device, purpose, done, total: trials.length });
      await this.tryOut(device, purpose, true, signal);
    }
  }

  /** Whether a trial that has not ended may be begun again: nobody is at it, and it has not been often so. */
  private mayBegin({ since, times }: Begun): boolean {
    return times < mostTimes && Date.now() - since > (this.options.limitMs ?? usualLimitMs);
  }

  private async tryOut(
    device: OtherDevice,
    purpose: Purpose,
    measure: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Verdict> {
    const before = (await this.known()).get(keyOf(device, purpose));
    const keep = (known: Known): Promise<void> => this.verdicts.write(device, purpose, known);
    // Should the machine go down with it, it is known why.
    await keep({ since: Date.now(), times: isBegun(before) ? before.times + 1 : 1 });
    const { module, limitMs = usualLimitMs } = this.options;
    try {
      const verdict = await runProbe(device, purpose, { module, measure, limitMs, signal });
      await keep(verdict);
      return verdict;
    } catch (error) {
      if (isVerdict(before)) await keep(before);
      else await this.verdicts.forget(device, purpose);
      throw error;
    }
  }
}

function fromVerdict(device: OtherDevice, verdict: Verdict): Choice {
  if (verdict.outcome === 'right') return on(device, verdict);
  return { ...processor, sentence: `${verdict.sentence ?? ''} The processor computes instead.`.trim() };
}

function isBegun(known: Known | undefined): known is Begun {
  return known !== undefined && !isVerdict(known);
}

function unfinished(device: OtherDevice, { times }: Begun): string {
  return times < mostTimes
    ? `The device for ${device} is being tried out; until then the processor computes.`
    : `${times} times ${device} was to be tried out, and the trial never ended, so that the processor computes: “Polyhead: Verify This Machine” tries again.`;
}

function on(device: OtherDevice, { keepsBytes = false }: Verdict): Choice {
  return { device, keepsBytes };
}
