/** confidence.json, which may come from anywhere. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calibrationFileName,
  readCalibration,
  writeCalibration,
  type Calibration,
} from '../../../models/storage/calibration';
import { UserError } from '../../../models/userError';
import { makeModelFolder, randomModel } from '../inference/modelFolder';
import { temporaryFolder } from '../temporaryFolder';

const fixedSeed = 20_261_126;
const inFolder = temporaryFolder('calibration');
let folder: string;
let file: string;
let sound: string;

const calibration: Calibration = {
  weights: { probability: 1.5, familiarity: 0.25, coverage: 0 },
  knots: [
    { score: -0.5, confidence: 0 },
    { score: 0.25, confidence: 0.5 },
    { score: 2, confidence: 0.5 },
    { score: 3, confidence: 1 },
  ],
};

beforeAll(async () => {
  folder = await makeModelFolder(inFolder('model'));
  file = inFolder('model', calibrationFileName);
  await writeCalibration(folder, calibration);
  sound = await readFile(file, 'utf8');
});
beforeEach(async () => {
  await rm(file, { recursive: true, force: true });
});

/** The file with some of its values replaced. */
async function write(changes: Record<string, unknown>): Promise<void> {
  await writeFile(file, JSON.stringify({ ...(JSON.parse(sound) as object), ...changes }));
}

const refusal = async (): Promise<string> => {
  const error: unknown = await readCalibration(folder).then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toMatch(/^[^\n]*confidence\.json[^\n]*\.$/);
  expect(message.length).toBeLessThan(400);
  return message;
};

describe('confidence.json', () => {
  it('is read as it was written, and leaves no other file behind', async () => {
    await writeCalibration(folder, calibration);
    expect(await readCalibration(folder)).toEqual(calibration);
    expect((await readdir(folder)).sort()).toEqual([
      'confidence.json',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
  });

  it.skipIf(process.platform !== 'linux')('knows its weights by what sha256sum says of them', () => {
    const { weightsSha256 } = JSON.parse(sound) as { weightsSha256: string };
    const [said] = execFileSync('sha256sum', [inFolder('model', 'model.safetensors')], {
      encoding: 'utf8',
    }).split(' ');
    expect(weightsSha256).toBe(said);
  });

  it('may be missing', async () => {
    expect(await readCalibration(folder)).toBeUndefined();
  });

  it('is not taken for other weights', async () => {
    const other = await makeModelFolder(inFolder('other'), 'F32', randomModel(8));
    await writeFile(inFolder('other', calibrationFileName), sound);
    await expect(readCalibration(other)).rejects.toThrow(
      /confidence\.json was made for other weights than the model\.safetensors beside it; run polyhead calibrate/,
    );
  });

  const knots = calibration.knots;
  const weights = calibration.weights;
  it.each<[name: string, sentence: RegExp, changes: Record<string, unknown>]>([
    ['another format', /format version 2; this Polyhead reads version 1/, { formatVersion: 2 }],
    ['no format', /format version missing/, { formatVersion: undefined }],
    ['no hash', /made for other weights/, { weightsSha256: undefined }],
    ['a hash that is none', /made for other weights/, { weightsSha256: { length: 64 } }],
    ['no weights', /“weights” is no object/, { weights: undefined }],
    ['weights in a list', /“weights” is no object/, { weights: [1, 2, 3] }],
    ['a weight missing', /has missing for coverage/, { weights: { ...weights, coverage: undefined } }],
    ['a weight too many', /names "length", which is no feature/, { weights: { ...weights, length: 1 } }],
    ['a weight below 0', /has -1 for coverage/, { weights: { ...weights, coverage: -1 } }],
    ['a weight in quotes', /has "1" for coverage/, { weights: { ...weights, coverage: '1' } }],
    ['a weight beyond measure', /for coverage/, { weights: { ...weights, coverage: 1e300 } }],
    ['no knots', /“knots” must be a list of 1 to 1000/, { knots: [] }],
    ['knots in an object', /“knots” must be a list/, { knots: { length: 3 } }],
    ['too many knots', /“knots” must be a list/, { knots: Array.from({ length: 1001 }, () => 1) }],
    ['a knot that is none', /knot 1 is null; it must hold/, { knots: [null] }],
    ['a confidence above 1', /knot 4 is /, { knots: [...knots.slice(0, 3), { score: 3, confidence: 1.1 }] }],
    ['a confidence below 0', /knot 1 is /, { knots: [{ score: 0, confidence: -0.1 }] }],
    ['a score that is no number', /knot 1 is /, { knots: [{ score: null, confidence: 1 }] }],
    [
      'scores that do not rise',
      /knot 2 does not follow/,
      { knots: [knots[1], { score: 0.25, confidence: 1 }] },
    ],
    ['confidences that fall', /knot 2 does not follow/, { knots: [knots[3], { score: 4, confidence: 0.5 }] }],
  ])('with %s is refused', async (_, sentence, changes) => {
    await write(changes);
    expect(await refusal()).toMatch(sentence);
  });

  it.each<[name: string, sentence: RegExp, text: string | Uint8Array]>([
    ['nothing', /is no sound JSON/, ''],
    ['half of it', /is no sound JSON/, '{"formatVersion": 1,'],
    ['null', /format version missing/, 'null'],
    ['a list', /format version missing/, '[]'],
    ['NaN', /is no sound JSON/, '{"formatVersion": NaN}'],
    ['a number beyond numbers', /for coverage/, ''],
    ['a key twice', /holds “knots” twice/, '{"formatVersion": 1, "knots": [], "knots": []}'],
    ['lists within lists', /is no sound JSON/, '['.repeat(30_000)],
    ['what is not UTF-8', /not UTF-8/, Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['70,000 bytes', /70000 bytes/, ' '.repeat(70_000)],
  ])('of %s is refused', async (name, sentence, text) => {
    const infinite = sound.replace('"coverage": 0', '"coverage": 1e999');
    await writeFile(file, name === 'a number beyond numbers' ? infinite : text);
    expect(await refusal()).toMatch(sentence);
  });

  it('that is a folder is refused', async () => {
    await mkdir(file);
    expect(await refusal()).toMatch(/is no regular file/);
  });

  it.skipIf(process.platform === 'win32')('that is a pipe is refused, without waiting for it', async () => {
    execFileSync('mkfifo', [file]);
    expect(await refusal()).toMatch(/is no regular file/);
  });

  it('with bytes changed anywhere is read, or refused in a sentence', async () => {
    const bytes = Buffer.from(sound);
    const seen = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(...Array.from('0129-.e"{}[],:x \0'))), {
          minLength: 1,
          maxLength: 2,
        }),
        async (changes) => {
          const changed = Buffer.from(bytes);
          for (const [place, sign] of changes) changed.write(sign, place);
          await writeFile(file, changed);
          const read = await readCalibration(folder).catch((error: unknown) => error);
          if (read instanceof Error) expect(read).toBeInstanceOf(UserError);
          seen[read instanceof Error ? 'refused' : 'read']++;
        },
      ),
      { seed: fixedSeed, numRuns: 500 },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(10);
  });
});
