/** The corpus process, built as the product builds it: its jobs, its batches, its death. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BatchFeed, CorpusProcessEnded, FeedFailed, runJob } from '../../../models/data/process/client';
import type { FedBatch, FeedParameters, Gathered, StoreHeader } from '../../../models/data/process/door';
import { randomWords } from '../../../models/data/random';
import { Vocabulary } from '../../../models/text/vocabulary';
import { UserError } from '../../../models/userError';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('process');
let bundle: Bundle;
let module: string;
let gathered: Gathered;
let header: StoreHeader;
const split = { heldOut: 20, seed: 5 };

let vocabulary: string;

/** Digits and their reverse: 600 pairs, 100 of them in a corpus of their own, one of each too long. */
function table(from: number, pairs: number): string {
  const words = randomWords(from);
  return Array.from({ length: pairs }, (_, number) => {
    const digits = Array.from({ length: number === 7 ? 30 : 1 + (words() % 9) }, () => words() % 10);
    return `${from} ${number} ${digits.join(' ')}\t${digits.reverse().join(' ')} ${number} ${from}\n`;
  }).join('');
}

beforeAll(async () => {
  bundle = await buildBundle('cli', './models/data/process/main.ts');
  module = bundle.modulePath;
  await mkdir(inFolder('store'));
  await writeFile(inFolder('large.tsv'), table(1, 500));
  await writeFile(inFolder('small.tsv'), `${table(2, 100)}broken\n`);
  gathered = await runJob(module, 'gather', {
    folder: inFolder('store'),
    corpora: [inFolder('large.tsv'), inFolder('small.tsv')],
    validation: [],
    languages: { from: 'en', to: 'de' },
    filter: {},
  });
  const { counts } = gathered;
  vocabulary = await runJob(module, 'learn', {
    folder: inFolder('store'),
    counts,
    ...split,
    size: 310,
  });
  header = await runJob(module, 'encode', {
    folder: inFolder('store'),
    counts,
    ...split,
    vocabulary,
    longest: 25,
  });
  expect(Vocabulary.fromJson(vocabulary).size).toBe(310);
});
afterAll(() => bundle.remove());

const feeds: BatchFeed[] = [];
afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.return();
});

function open(changed: Partial<FeedParameters> = {}): BatchFeed {
  const feed = new BatchFeed(module, {
    folder: inFolder('store'),
    header,
    weights: [1, 1],
    tokens: 400,
    seed: 5,
    framing: { padding: 0, start: 1, end: 2 },
    epoch: 0,
    batch: 0,
    ahead: 4,
    ...changed,
  });
  feeds.push(feed);
  return feed;
}

async function take(feed: BatchFeed, count: number): Promise<FedBatch[]> {
  const taken: FedBatch[] = [];
  while (taken.length < count) taken.push((await feed.next()).value!);
  return taken;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the jobs', () => {
  it('read, split and encode, and account for every pair', async () => {
    expect(gathered.counts).toEqual({ pairs: [500, 100], validationPairs: 0 });
    expect(gathered.reports).toMatchObject([
      { read: 500, kept: 500 },
      { read: 101, kept: 100, dropped: { malformed: 1 } },
    ]);
    expect(gathered.files.map((file) => path.basename(file.path))).toEqual(['large.tsv', 'small.tsv']);
    expect(header.parts[0]! + header.parts[1]!).toBe(header.training.pairs);
    expect(header.training.pairs + header.validation.pairs + header.overlong + header.shared).toBe(600);
    expect(header.overlong).toBe(2);
    expect((await readdir(inFolder('store'))).sort()).toEqual([
      'training.lengths',
      'training.tokens',
      'validation.lengths',
      'validation.tokens',
    ]);
  });

  it('hand back the sentence of what is wrong with the input', async () => {
    const reading = runJob(module, 'gather', {
      folder: inFolder(),
      corpora: [inFolder('nowhere.tsv')],
      validation: [],
      languages: { from: 'en', to: 'de' },
      filter: {},
    });
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(`${inFolder('nowhere.tsv')} does not exist.`);
    const storing = runJob(module, 'gather', {
      folder: inFolder('nowhere'),
      corpora: [inFolder('large.tsv')],
      validation: [],
      languages: { from: 'en', to: 'de' },
      filter: {},
    });
    await expect(storing).rejects.toThrow(UserError);
    await expect(storing).rejects.toThrow(/^The corpus cannot be stored or read: ENOENT/);
  });

  it('end at once when they are told to, and leave no process behind', async () => {
    await writeFile(
      inFolder('much.tsv'),
      Array.from({ length: 400_000 }, (_, n) => `${n} a b c\t${n} d e f\n`).join(''),
    );
    await mkdir(inFolder('stopped'));
    const controller = new AbortController();
    const reading = runJob(
      module,
      'gather',
      {
        folder: inFolder('stopped'),
        corpora: Array<string>(20).fill(inFolder('much.tsv')),
        validation: [],
        languages: { from: 'en', to: 'de' },
        filter: {},
      },
      { signal: controller.signal },
    );
    // Reading all of it takes seconds.
    setTimeout(() => controller.abort(), 300);
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
    const late = runJob(module, 'learn', {} as never, { signal: controller.signal });
    await expect(late).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
  });

  it('say that their process has died', async () => {
    const dying = runJob(inFolder('missing.js'), 'learn', {} as never);
    await expect(dying).rejects.toThrow(CorpusProcessEnded);
    await expect(dying).rejects.toThrow(
      /^The process that reads the corpus has ended with code 1 before its time\.$/,
    );
  });
});

describe('the feed', () => {
  it('gives every pair once an epoch, in batches with their place, epoch after epoch', async () => {
    const feed = open();
    const batches: FedBatch[] = [];
    for (;;) {
      const { value } = await feed.next();
      if (value!.epoch === 2) break;
      batches.push(value!);
    }
    for (const epoch of [0, 1]) {
      const ofEpoch = batches.filter((fed) => fed.epoch === epoch);
      expect(ofEpoch.map(({ position }) => position)).toEqual(ofEpoch.map((_, index) => index));
      expect(ofEpoch.reduce((sum, { batch }) => sum + batch.size, 0)).toBe(header.training.pairs);
      const tokens = ofEpoch.reduce((sum, { batch }) => sum + batch.labels.length, 0);
      expect(tokens).toBe(header.training.targetTokens + header.training.pairs);
      for (const { batch } of ofEpoch) {
        expect(batch.sourceIds).toBeInstanceOf(Int32Array);
        expect(batch.size * Math.max(batch.sourceLength, batch.targetLength)).toBeLessThanOrEqual(400);
      }
    }
  });

  it('goes on from any place with the very same batches, however far it works ahead', async () => {
    const whole = await take(open(), 60);
    for (const [from, ahead] of [
      [0, 1],
      [1, 16],
      [17, 2],
      [59, 4],
    ] as const) {
      const { epoch, position } = whole[from]!;
      const resumed = await take(open({ epoch, batch: position, ahead }), 60 - from);
      expect(resumed).toEqual(whole.slice(from));
    }
    // Where an epoch is done, the next one begins.
    const last = whole.findLast(({ epoch }) => epoch === 0)!;
    const next = await take(open({ epoch: 0, batch: last.position + 1 }), 1);
    expect(next).toEqual([whole.find(({ epoch }) => epoch === 1)]);
    expect(await take(open({ seed: 6 }), 5)).not.toEqual(whole.slice(0, 5));
  });

  it('gives words other pieces in every epoch where that is asked for, and the same again where it goes on', async () => {
    const subwordDropout = { rate: 0.3, vocabulary, longest: 25 };
    const whole = await take(open({ subwordDropout }), 60);
    const plain = await take(open(), 60);
    const subwords = Vocabulary.fromJson(vocabulary);
    const textsOf = ({ batch: { size, sourceIds, sourceLength } }: FedBatch): string[] =>
      Array.from({ length: size }, (_, index) =>
        subwords.decode(sourceIds.slice(index * sourceLength, (index + 1) * sourceLength)),
      );
    expect(whole.map(textsOf)).toEqual(plain.map(textsOf));
    const count = (fed: readonly FedBatch[]): number =>
      fed.reduce((sum, { batch }) => sum + batch.labels.length, 0);
    expect(count(whole)).toBeGreaterThan(1.1 * count(plain));
    for (const { batch } of whole)
      expect(Math.max(batch.sourceLength, batch.targetLength)).toBeLessThanOrEqual(25 + 1);
    const { epoch, position } = whole[17]!;
    expect(await take(open({ subwordDropout, epoch, batch: position }), 43)).toEqual(whole.slice(17));

    const splitsOf = (wanted: number): Set<string> =>
      new Set(
        whole
          .filter((fed) => fed.epoch === wanted)
          .flatMap(({ batch: { size, sourceIds, sourceLength } }) =>
            Array.from({ length: size }, (_, index) =>
              sourceIds
                .slice(index * sourceLength, (index + 1) * sourceLength)
                .filter((id) => id > 2)
                .join(' '),
            ),
          ),
      );
    const second = splitsOf(1);
    const again = [...splitsOf(0)].filter((one) => second.has(one));
    expect(again.length).toBeLessThan(0.5 * second.size);
  });

  it('sees the pairs of a corpus as often as its weight says', async () => {
    const feed = open({ weights: [1, 3] });
    let pairs = 0;
    for (let fed = await feed.next(); fed.value!.epoch === 0; fed = await feed.next())
      pairs += fed.value!.batch.size;
    expect(pairs).toBe(header.parts[0]! + 3 * header.parts[1]!);
  });

  it('whose process is killed hands out what it has, then says so, and never waits for ever', async () => {
    const feed = open();
    const before = await take(feed, 2);
    process.kill(feed.pid!, 'SIGKILL');
    let more = 0;
    const rest = (async () => {
      for (; ; more++) await feed.next();
    })();
    await expect(rest).rejects.toThrow(FeedFailed);
    await expect(rest).rejects.toMatchObject({ cause: expect.any(CorpusProcessEnded) as Error });
    await expect(rest).rejects.toThrow(
      'The process that reads the corpus has ended by SIGKILL before its time.',
    );
    expect(more).toBeLessThanOrEqual(8);
    await expect(feed.next()).rejects.toThrow(FeedFailed);
    expect(before).toEqual(await take(open(), 2));
  });

  it('ends its process when it is left', async () => {
    const feed = open();
    let seen = 0;
    for await (const { position } of feed) {
      seen = position;
      if (position === 3) break;
    }
    expect(seen).toBe(3);
    expect(isAlive(feed.pid!)).toBe(false);
  });

  it('lets Ctrl+C be its owner’s business', async () => {
    const feed = open();
    await take(feed, 1);
    process.kill(feed.pid!, 'SIGINT');
    process.kill(feed.pid!, 'SIGTERM');
    expect(await take(feed, 30)).toHaveLength(30);
  });

  it('hands on what went wrong in its process', async () => {
    const failing = open({ folder: inFolder('nowhere') }).next();
    await expect(failing).rejects.toThrow(/^The corpus cannot be stored or read: ENOENT/);
    await expect(failing).rejects.toThrow(FeedFailed);
    await expect(failing).rejects.toMatchObject({ cause: expect.any(UserError) as Error });
  });
});
