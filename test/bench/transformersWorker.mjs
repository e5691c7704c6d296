// Decodes with @huggingface/transformers what decodingWorker.ts decodes: orders and answers are lines of JSON.
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** As models/inference/hypothesis.ts has it. */
const extraLength = 50;

const { values } = parseArgs({
  options: { package: { type: 'string' }, model: { type: 'string' }, threads: { type: 'string' } },
});
const { resolve } = createRequire(path.join(path.resolve(values.package), 'index.js'));
const { env, MarianMTModel, Tensor } = await import(pathToFileURL(resolve('@huggingface/transformers')).href);
env.allowRemoteModels = false;
env.localModelPath = path.dirname(values.model);

const model = await MarianMTModel.from_pretrained(path.basename(values.model), {
  dtype: 'fp32',
  device: 'cpu',
  session_options: { intraOpNumThreads: Number(values.threads), interOpNumThreads: 1, logSeverityLevel: 3 },
});
const { pad_token_id: padding, eos_token_id: end } = model.config;

/** A batch of token sequences as the library wants them, in whole numbers of 64 bits. */
function tensorOf(rows, of) {
  const width = Math.max(...rows.map((row) => row.length));
  const numbers = rows.flatMap((row) => Array.from({ length: width }, (_, place) => BigInt(of(row, place))));
  return new Tensor('int64', BigInt64Array.from(numbers), [rows.length, width]);
}

async function translate(batch) {
  const said = await model.generate({
    inputs: tensorOf(batch, (row, place) => row[place] ?? padding),
    attention_mask: tensorOf(batch, (row, place) => (place < row.length ? 1 : 0)),
    max_new_tokens: Math.max(...batch.map((row) => row.length)) + extraLength,
    do_sample: false,
    num_beams: 1,
  });
  return said.tolist().map((row) => {
    const tokens = row.slice(1).map(Number);
    const length = tokens.indexOf(end);
    return length < 0 ? tokens : tokens.slice(0, length);
  });
}

process.stdout.write('{}\n');
for await (const line of createInterface(process.stdin)) {
  const { batches } = JSON.parse(line);
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const targets = [];
  for (const batch of batches) targets.push(await translate(batch));
  const { user, system } = process.cpuUsage(before);
  const answer = {
    milliseconds: performance.now() - begun,
    processor: (user + system) / 1000,
    peak: process.resourceUsage().maxRSS / 2 ** 10,
    targets,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
