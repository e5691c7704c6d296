import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from '../../../../models/training/metrics/crc32c';
import { EventFile } from '../../../../models/training/metrics/eventFile';
import { temporaryFolder } from '../../temporaryFolder';
import { legLine, stepLine, validationLine } from './someLines';

const inFolder = temporaryFolder('events');

describe('crc32c', () => {
  it('gives the check values of RFC 3720, B.4', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
    expect(crc32c(new Uint8Array())).toBe(0);
  });

  it('is masked as TensorFlow masks it: turned by 15 bits, plus a constant', () => {
    const crc = BigInt(crc32c(Buffer.from('123456789')));
    const turned = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
    expect(BigInt(maskedCrc32c(Buffer.from('123456789')))).toBe((turned + 0xa282ead8n) & 0xffffffffn);
  });
});

/** A message of protocol buffers by field number: numbers for varint and fixed fields, bytes for the others. */
function fieldsOf(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let place = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[place++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  while (place < bytes.length) {
    const key = varint();
    let value: number | Buffer;
    if ((key & 7) === 0) value = varint();
    else if ((key & 7) === 1) value = bytes.readDoubleLE((place += 8) - 8);
    else if ((key & 7) === 5) value = bytes.readFloatLE((place += 4) - 4);
    else {
      const length = varint();
      value = bytes.subarray(place, (place += length));
    }
    fields.set(key >>> 3, [...(fields.get(key >>> 3) ?? []), value]);
  }
  return fields;
}

interface Read {
  readonly time: number;
  readonly step: number | undefined;
  readonly version: string | undefined;
  readonly values: Record<string, number>;
}

/** A reader of its own: checks every checksum. */
function readEvents(bytes: Buffer): Read[] {
  const events: Read[] = [];
  for (let place = 0; place < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(place));
    const data = bytes.subarray(place + 12, place + 12 + length);
    expect(bytes.readUInt32LE(place + 8)).toBe(maskedCrc32c(bytes.subarray(place, place + 8)));
    expect(bytes.readUInt32LE(place + 12 + length)).toBe(maskedCrc32c(data));
    place += 16 + length;
    const fields = fieldsOf(data);
    const summary = fields.get(5)?.[0];
    const values = summary === undefined ? [] : (fieldsOf(summary as Buffer).get(1) ?? []);
    events.push({
      time: fields.get(1)![0] as number,
      step: fields.get(2)?.[0] as number | undefined,
      version: fields.get(3)?.[0]?.toString(),
      values: Object.fromEntries(
        values.map((value) => {
          const { 1: tag, 2: number } = Object.fromEntries(fieldsOf(value as Buffer));
          return [tag![0]!.toString(), number![0] as number];
        }),
      ),
    });
  }
  return events;
}

const eventFiles = async (run: string): Promise<Buffer[]> => {
  const folder = path.join(run, 'tensorboard');
  const names = await readdir(folder);
  for (const name of names) expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\.polyhead$/);
  return Promise.all(names.map((name) => readFile(path.join(folder, name))));
};

describe('an event file', () => {
  it('holds the lines that were there and those that come, with their steps, times and curves', async () => {
    const run = inFolder('run');
    const before = [legLine(0), stepLine(1), validationLine(1, { bleu: 12.5 })];
    const file = await EventFile.create(run, before, 1_700_000_000.5);
    await file.append(stepLine(300));
    await file.close();
    const [bytes] = await eventFiles(run);
    const events = readEvents(bytes!);
    expect(events.map(({ step }) => step)).toEqual([undefined, 1, 1, 300]);
    expect(events[0]).toEqual({
      time: 1_700_000_000.5,
      step: undefined,
      version: 'brain.Event:2',
      values: {},
    });
    expect(events[3]!.time).toBe(stepLine(300).time);
    const { loss, smoothedLoss, perplexity, learningRate, gradientNorm, paddingShare } = stepLine(300);
    expect(events[3]!.values).toMatchObject({
      'train/loss': Math.fround(loss!),
      'train/smoothedLoss': Math.fround(smoothedLoss!),
      'train/perplexity': Math.fround(perplexity!),
      'train/learningRate': Math.fround(learningRate!),
      'train/gradientNorm': Math.fround(gradientNorm!),
      'train/paddingShare': Math.fround(paddingShare!),
    });
    // chrF was not measured, so that there is no point for it.
    expect(Object.keys(events[2]!.values)).toEqual([
      'validation/loss',
      'validation/perplexity',
      'validation/bleu',
    ]);
  });

  it('takes the place of the one before', async () => {
    const run = inFolder('again');
    await (await EventFile.create(run, [stepLine(1), stepLine(2)], 1_700_000_000)).close();
    await (await EventFile.create(run, [stepLine(1)], 1_700_000_100)).close();
    const files = await eventFiles(run);
    expect(files).toHaveLength(1);
    expect(readEvents(files[0]!).map(({ step }) => step)).toEqual([undefined, 1]);
  });
});
