/**
 * `npm run bench -- weights`: the processor time of a model in 8 bits against its parent's, in turns, on one thread.
 * One line of JSON, which scripts/bench.mjs reads.
 */
import path from 'node:path';
import { Translator } from '../../models/inference/translator';

const sentences = [
  'Yes',
  'The file could not be opened.',
  'Press the left key twice to open the garden gate.',
  'This option keeps a copy of every letter that you send to the library.',
  'If the engine does not start within ten seconds, check the cable and try the second socket.',
  'The list shows all rooms of the house, the people who are in them now, and the time at which each of them came in.',
];
const passes = 5;
/** A full batch. */
const together = Array.from(
  { length: 64 },
  (_, index) => `${index + 1}: ${sentences[index % sentences.length]!}`,
);

interface Times {
  readonly load: number;
  readonly alone: number[];
  readonly batch: number[];
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = processorMs();
  await work();
  return processorMs() - before;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function main(models: string): Promise<void> {
  const runs: { translator: Translator; times: Times }[] = [];
  for (const kind of ['parents', 'pretrained']) {
    let translator: Translator | undefined;
    const load = await timed(async () => {
      translator = await Translator.load(path.join(models, kind, 'en-de'), 1);
    });
    await translator!.translate(sentences);
    runs.push({ translator: translator!, times: { load, alone: [], batch: [] } });
  }
  for (let pass = 0; pass < passes; pass++) {
    for (const { translator, times } of pass % 2 === 0 ? runs : runs.toReversed()) {
      times.alone.push(
        await timed(async () => {
          for (const sentence of sentences) await translator.translate([sentence]);
        }),
      );
      times.batch.push(await timed(() => translator.translate(together)));
    }
  }
  const [parent, child] = runs.map(({ times }) => ({
    load: times.load,
    sentenceAlone: median(times.alone) / sentences.length,
    sentenceInBatch: median(times.batch) / together.length,
  }));
  const ratio = (of: 'load' | 'sentenceAlone' | 'sentenceInBatch'): number => child![of] / parent![of];
  const result = {
    processorMs: { float16: parent, int8: child },
    ratio: {
      sentenceAlone: ratio('sentenceAlone'),
      sentenceInBatch: ratio('sentenceInBatch'),
      load: ratio('load'),
    },
  };
  const rounded = JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(3)) : value,
  );
  process.stdout.write(`${rounded}\n`);
  for (const { translator } of runs) await translator.dispose();
}

void main(process.argv[2]!);
