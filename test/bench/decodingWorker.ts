/**
 * Our side of `npm run bench -- decoding`: does what a line of JSON asks for, and answers with a line. twinDecodeBench.py
 * decodes the same with PyTorch.
 */
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { groupByLength } from '../../models/inference/batches';
import { Decoder } from '../../models/inference/decoder';
import { largestBatch } from '../../models/inference/memoryNeed';
import { search, type SearchSettings } from '../../models/inference/search';
import { splitIntoParts } from '../../models/inference/segments';
import { defaultSearch, Translator } from '../../models/inference/translator';
import { readMixedModel, writeModel, type MixedModel } from '../../models/storage/modelFolder';
import { dequantise, isMatrix } from '../../models/storage/quantisation';
import { firstByteId, isPlaceholder } from '../../models/text/reservedTokens';
import { SourceReader } from '../../models/text/sourceReader';
import { parameterShapes } from '../../models/transformer/model';
import { writeMarianShape } from './marianShape';

type Batches = readonly (readonly (readonly number[])[])[];

type Order =
  /** What decoding needs to know, and the float32 numbers that the model's bytes stand for, into a folder. */
  | { readonly do: 'prepare'; readonly folder: string }
  /** The same model, as it ships, in the form that @huggingface/transformers reads. */
  | { readonly do: 'shape'; readonly folder: string }
  /** The batches of token sequences that translating these texts decodes. */
  | { readonly do: 'encode'; readonly texts: readonly string[]; readonly beamSize: number }
  | ({ readonly do: 'decode'; readonly batches: Batches } & SearchSettings)
  /** Texts as the product translates them: with segments, vocabulary, batches and confidence. */
  | { readonly do: 'translate'; readonly texts: readonly string[]; readonly beamSize: number };

/** With the milliseconds of the clock and of the processor, and the largest memory of the process in MiB. */
async function measured<Result extends object>(work: () => Promise<Result>): Promise<object> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    ...result,
    milliseconds: performance.now() - begun,
    processor: (user + system) / 1000,
    peak: process.resourceUsage().maxRSS / 2 ** 10,
  };
}

class Worker {
  readonly #translators = new Map<number, Promise<Translator>>();
  #decoder: Promise<Decoder> | undefined;

  constructor(
    private readonly folder: string,
    private readonly threads: number,
    private readonly model: MixedModel,
  ) {}

  async obey(order: Order): Promise<object> {
    switch (order.do) {
      case 'prepare':
        return this.prepare(order.folder);
      case 'shape':
        await writeMarianShape(order.folder, this.model.config.transformer, this.model.weights);
        return {};
      case 'encode':
        return { batches: this.batchesOf(order.texts, order.beamSize) };
      case 'decode':
        return this.decode(order);
      case 'translate': {
        const translator = await this.translator(order.beamSize);
        return measured(async () => ({ translated: (await translator.translate(order.texts)).length }));
      }
    }
  }

  private async prepare(folder: string): Promise<object> {
    const { config, vocabulary, weights } = this.model;
    const values = parameterShapes(config.transformer).map((parameter) => {
      const weight = weights.get(parameter.name)!;
      if (weight instanceof Float32Array) return [parameter.name, weight] as const;
      if (!isMatrix(parameter)) throw new Error(`${parameter.name} is no matrix.`);
      return [parameter.name, dequantise(weight, parameter)] as const;
    });
    await mkdir(folder, { recursive: true });
    await writeModel(folder, { config, vocabulary, weights: new Map(values) }, 'F32');
    const isBarred = (id: number): boolean => id !== config.transformer.endToken && !isPlaceholder(id);
    return { barred: Array.from({ length: firstByteId }, (_, id) => id).filter(isBarred), defaultSearch };
  }

  /** As `Translator` has them. */
  private batchesOf(texts: readonly string[], beamSize: number): Batches {
    const { vocabulary, config } = this.model;
    const reader = new SourceReader(vocabulary, config.from);
    const sources = texts.flatMap((text) => {
      const parts = splitIntoParts(text, config.from, {
        isTooLong: (pieces) => reader.ids(pieces).length > largestBatch.longestRow,
        keep: reader.unknownWords(text),
        piecesOf: vocabulary.piecesOf,
      });
      const segments = parts.filter((part) => typeof part !== 'string');
      return segments.map(({ pieces }) => ({
        ids: [...reader.ids(pieces), config.transformer.endToken],
      }));
    });
    return groupByLength(sources, beamSize).map((batch) => batch.map(({ ids }) => ids));
  }

  private translator(beamSize: number): Promise<Translator> {
    const known = this.#translators.get(beamSize);
    if (known) return known;
    const loaded = Translator.load(this.folder, this.threads, undefined, { ...defaultSearch, beamSize });
    this.#translators.set(beamSize, loaded);
    return loaded;
  }

  private async decode({ batches, ...settings }: Order & { readonly do: 'decode' }): Promise<object> {
    const { config, weights } = this.model;
    const decoder = await (this.#decoder ??= Decoder.create(config.transformer, weights, this.threads));
    const found: Awaited<ReturnType<typeof search>>[] = [];
    const times = await measured(async () => {
      for (const batch of batches) found.push(await search(decoder, batch, settings));
      return {};
    });
    const best = found.map((batch) => batch.map(([first]) => first!));
    return {
      ...times,
      targets: best.map((batch) => batch.map(({ tokens }) => tokens)),
      // PyTorch knows of no placeholders that must be said, and of no repetition that must end.
      plain: best.map((batch) => batch.map(({ masked, truncated }) => !masked && !truncated)),
    };
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { model: { type: 'string' }, threads: { type: 'string' } } });
  const folder = values.model!;
  const worker = new Worker(folder, Number(values.threads), await readMixedModel(folder));
  process.stdout.write('{}\n');
  for await (const line of createInterface(process.stdin)) {
    const answer = await worker.obey(JSON.parse(line) as Order);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

void main();
