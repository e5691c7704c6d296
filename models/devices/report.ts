/** This machine's devices in words: what a person can post where something goes wrong. Nothing in it is about the person. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, homedir, hostname, release, totalmem, userInfo } from 'node:os';
import { runtimeVersion } from '../runtime/session';
import type { Devices } from './devices';
import { systemCards, type Card } from './machine';
import { mostDifference } from './probe/translation';
import {
  isQuicker,
  isSoftware,
  purposes,
  serves,
  type DeviceSetting,
  type Measure,
  type OtherDevice,
  type Purpose,
  type Verdict,
} from './verdict';
import { isVerdict, keyOf } from './verdictFile';

export interface DeviceSettings {
  readonly translation: DeviceSetting;
  readonly training: Extract<DeviceSetting, 'auto' | 'cpu' | 'webgpu'>;
}

/** What is known of a device for a purpose. */
export interface Trial {
  readonly device: OtherDevice;
  readonly purpose: Purpose;
  /** Undefined where it has not been tried out. */
  readonly verdict: Verdict | undefined;
  readonly isSoftware: boolean;
  readonly isQuicker: boolean;
}

export interface MachineDescription {
  readonly versions: { readonly polyhead: string; readonly runtime: string; readonly node: string };
  readonly system: string;
  readonly processor: { readonly name: string; readonly cores: number };
  /** Bytes. */
  readonly memory: number;
  readonly cards: readonly Card[];
  readonly trials: readonly Trial[];
  readonly settings: DeviceSettings;
  /** What the settings come to by what is known. */
  readonly uses: Readonly<Record<Purpose, string>>;
}

/** Tries nothing out. @param manifest Polyhead's package.json */
export async function describeMachine(
  devices: Devices,
  settings: DeviceSettings,
  manifest: string,
): Promise<MachineDescription> {
  const known = await devices.known();
  const trials = devices.listed.flatMap((device) =>
    purposes
      .filter((purpose) => serves(device, purpose))
      .map((purpose): Trial => {
        const found = known.get(keyOf(device, purpose));
        const verdict = isVerdict(found) ? found : undefined;
        return {
          device,
          purpose,
          verdict,
          isSoftware: verdict !== undefined && isSoftware(verdict),
          isQuicker: verdict !== undefined && isQuicker(verdict, purpose),
        };
      }),
  );
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const use = async (purpose: Purpose): Promise<string> =>
    (await devices.choose(settings[purpose], purpose))?.device ?? 'not tried out';
  return {
    versions: { polyhead: version, runtime: runtimeVersion, node: process.version },
    system: `${process.platform} ${release()} ${process.arch}`,
    processor: { name: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() },
    memory: totalmem(),
    cards: await systemCards(),
    trials,
    settings,
    uses: { translation: await use('translation'), training: await use('training') },
  };
}

const inWords: Readonly<Record<Measure, string>> = {
  gigaflops: 'Products of matrices, billions of operations a second',
  alone: 'Translating one sentence, tokens a second',
  batch: 'Translating sixteen sentences, tokens a second',
  training: 'Training the size “small”, target tokens a second',
};

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** As Markdown. */
export function reportOf(machine: MachineDescription): string {
  const { versions, system, processor, memory, cards, trials, settings, uses } = machine;
  const devices = [...new Set(trials.map(({ device }) => device))];
  const rows = [
    ['Polyhead', versions.polyhead],
    ['onnxruntime', versions.runtime],
    ['Node', versions.node],
    ['System', system],
    ['Processor', `${processor.name}, ${processor.cores} cores`],
    ['Memory', gibibytes(memory)],
    ['Graphics cards', cards.map(inWordsOf).join('; ') || 'unknown'],
    ['Devices of onnxruntime', ['cpu', ...devices].join(', ')],
    ...purposes.map((purpose) => [`polyhead.${purpose}Device`, `${settings[purpose]}: ${uses[purpose]}`]),
  ];
  const table = ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${cell(value!)} |`)];
  const parts = ['# Polyhead: this machine', table.join('\n'), ...trials.map(sectionOf)];
  return withoutPerson(`${parts.join('\n\n')}\n`);
}

function inWordsOf({ name, driver, memory }: Card): string {
  const details = [
    driver === undefined ? 'driver unknown' : `driver ${driver}`,
    memory === undefined ? 'memory unknown' : gibibytes(memory),
  ];
  return `${name} (${details.join(', ')})`;
}

function sectionOf(trial: Trial): string {
  const { device, purpose, verdict } = trial;
  const lines = [`## ${device}, ${purpose}`, ''];
  if (verdict === undefined) return [...lines, 'Not tried out.'].join('\n');
  const { outcome, sentence, difference, adapter, paces = {}, keepsBytes, when } = verdict;
  const outcomes = {
    right: 'Computes what the processor does.',
    wrong: 'Computes other numbers than the processor.',
    absent: 'There is none.',
    broken: 'Could not be tried out.',
  };
  lines.push(`- ${outcomes[outcome]}${sentence === undefined ? '' : ` ${sentence}`}`);
  if (difference !== undefined)
    lines.push(
      `- Largest difference from the processor’s numbers: ${difference.toExponential(1)} (allowed: ${mostDifference})`,
    );
  if (outcome !== 'absent') lines.push(`- Device, by its driver: ${adapter ?? 'unknown'}`);
  if (trial.isSoftware)
    lines.push('- That is the processor, playing a graphics card: “auto” never takes it.');
  if (keepsBytes !== undefined) lines.push(`- Weights: ${keepsBytes ? 'in 8 bits' : 'in float32'}`);
  lines.push(`- Tried out: ${new Date(when).toISOString().slice(0, 10)}`);
  const measured = (Object.keys(inWords) as Measure[]).flatMap((measure) => {
    const pace = paces[measure];
    return pace === undefined ? [] : [[inWords[measure], pace.device, pace.processor] as const];
  });
  if (measured.length === 0) return lines.join('\n');
  const table = measured.map(
    ([what, one, other]) =>
      `| ${what} | ${rounded(one)} | ${rounded(other)} | ${(one / other).toPrecision(3)} |`,
  );
  const verdictInWords = trial.isQuicker
    ? 'Quicker than the processor: “auto” takes it.'
    : 'Not quicker than the processor in all of it: “auto” takes the processor.';
  return [
    ...lines,
    '',
    '| Measured | device | processor | ratio |',
    '| --- | --- | --- | --- |',
    ...table,
    '',
    verdictInWords,
  ].join('\n');
}

const rounded = (value: number): string => (value < 10 ? value.toPrecision(2) : Math.round(value).toString());

/** A text in a table's cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** A text without what tells who posts it: names of the person and the machine, and the folders on the way to a file. */
export function withoutPerson(text: string): string {
  const names = [homedir(), hostname(), userNameOf()].filter((name) => name.length > 2);
  const withoutNames = names.reduce((rest, name) => rest.replaceAll(name, '…'), text);
  return withoutNames.replace(/(?:[A-Za-z]:)?(?:[\\/][^\s\\/:*?"'<>|()]+)+[\\/](?=[^\s\\/])/g, '…/');
}

function userNameOf(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
