/**
 * What has been found out about this machine's devices, kept in one file for all windows. A file that is damaged, or of
 * another machine, driver or version, counts as none: devices are tried out anew.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../storage/atomic';
import { readForeignText } from '../storage/foreignFile';
import { parseStrictJson } from '../text/strictJson';
import {
  measures,
  otherDevices,
  outcomes,
  purposes,
  type Measure,
  type OtherDevice,
  type Pace,
  type Purpose,
  type Verdict,
} from './verdict';

const format = 1;
/** A handful of verdicts takes two thousand bytes. */
const mostBytes = 2 ** 16;
const longestText = 1000;

/**
 * A trial that was begun then, and has not ended: another window is at it, or it took the machine down with it, or its
 * owner was closed.
 */
export interface Begun {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** One after the other. */
  readonly times: number;
}

export type Known = Verdict | Begun;

export const isVerdict = (known: Known | undefined): known is Verdict =>
  known !== undefined && 'outcome' in known;

/** By device and purpose. */
export type Verdicts = ReadonlyMap<string, Known>;

export const keyOf = (device: OtherDevice, purpose: Purpose): string => `${device} ${purpose}`;

export const verdictKeys = otherDevices.flatMap((device) =>
  purposes.map((purpose) => keyOf(device, purpose)),
);

export class VerdictFile {
  /**
   * @param file in a folder that need not be there yet
   * @param machine tells what the verdicts hold for (machine.ts); asked only when it matters, since on some systems it takes
   *   its time
   */
  constructor(
    private readonly file: string,
    private readonly machine: () => Promise<string>,
  ) {}

  async read(): Promise<Verdicts> {
    const { machine, verdicts } = await this.open();
    return verdicts.size > 0 && machine === (await this.machine()) ? verdicts : new Map();
  }

  /** What is written there, whether or not it still holds. */
  async peek(): Promise<Verdicts> {
    return (await this.open()).verdicts;
  }

  /** With one more; the others stay. */
  async write(device: OtherDevice, purpose: Purpose, known: Known): Promise<void> {
    await this.replace(new Map(await this.read()).set(keyOf(device, purpose), known));
  }

  async forget(device: OtherDevice, purpose: Purpose): Promise<void> {
    const verdicts = new Map(await this.read());
    verdicts.delete(keyOf(device, purpose));
    await this.replace(verdicts);
  }

  private async open(): Promise<{ machine?: unknown; verdicts: Verdicts }> {
    try {
      return parse(await readForeignText(this.file, { mostBytes }));
    } catch {
      return { verdicts: new Map() };
    }
  }

  private async replace(verdicts: Verdicts): Promise<void> {
    const json = { format, machine: await this.machine(), verdicts: Object.fromEntries(verdicts) };
    await mkdir(path.dirname(this.file), { recursive: true });
    await writeFileAtomically(this.file, [`${JSON.stringify(json, undefined, 2)}\n`]);
  }
}

/** @throws Error where anything is not as it was written */
function parse(text: string): { machine: unknown; verdicts: Verdicts } {
  const json = objectOf(parseStrictJson(text));
  if (json['format'] !== format) throw new Error('Another version has written it.');
  const entries = Object.entries(objectOf(json['verdicts'])).map(([key, value]): [string, Known] => {
    if (!verdictKeys.includes(key)) throw new Error('There is no such device.');
    return [key, knownFrom(objectOf(value))];
  });
  return { machine: json['machine'], verdicts: new Map(entries) };
}

function knownFrom(json: Readonly<Record<string, unknown>>): Known {
  if ('since' in json) return { since: numberOf(json['since']), times: numberOf(json['times']) };
  const outcome = outcomes.find((one) => one === json['outcome']);
  if (outcome === undefined) throw new Error('There is no such outcome.');
  const { sentence, difference, adapter, paces, keepsBytes } = json;
  return {
    outcome,
    ...(sentence !== undefined && { sentence: textOf(sentence) }),
    ...(difference !== undefined && { difference: numberOf(difference) }),
    ...(adapter !== undefined && { adapter: textOf(adapter) }),
    ...(paces !== undefined && { paces: pacesFrom(objectOf(paces)) }),
    ...(keepsBytes === true && { keepsBytes }),
    when: numberOf(json['when']),
  };
}

function pacesFrom(json: Readonly<Record<string, unknown>>): Partial<Record<Measure, Pace>> {
  return Object.fromEntries(
    Object.entries(json).map(([measure, value]) => {
      if (!(measures as readonly string[]).includes(measure)) throw new Error('There is no such measure.');
      const { device, processor } = objectOf(value);
      return [measure, { device: numberOf(device), processor: numberOf(processor) }];
    }),
  );
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('It is no object.');
  return value as Record<string, unknown>;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(value))
    throw new Error('It is no number.');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > longestText) throw new Error('It is no text.');
  return value;
}
