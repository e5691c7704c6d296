/**
 * What the extension host does for curves: reads a metrics.jsonl of so many updates, and tells it in parts. Prints JSON:
 * milliseconds until all is told, milliseconds of the processor, the longest time that the event loop was kept waiting, and
 * megabytes that the history takes.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { HistoryFeed } from '../../extension/training/historyFeed';

const points = Number(process.argv[2] ?? 1000);

async function writeMetrics(file: string): Promise<void> {
  const stream = createWriteStream(file);
  const begun = 1_764_000_000;
  stream.write(
    `${JSON.stringify({ kind: 'leg', time: begun, step: 0, schema: 1, parameters: 7_600_000 })}\n`,
  );
  for (let step = 1; step <= points; step++) {
    const loss = 2.6 + 6.4 * Math.exp((-9 * step) / points) + Math.sin(step) / 4;
    const line = {
      ...{
        kind: 'step',
        time: begun + 0.36 * step,
        step,
        epoch: Math.floor(step / 1042),
        batch: step % 1042,
      },
      ...{
        learningRate: 0.0014 / Math.sqrt(1 + step / 1000),
        loss,
        nll: loss - 0.6,
        perplexity: Math.exp(loss - 0.6),
      },
      ...{ smoothedLoss: loss + 0.01, gradientNorm: 0.4 + Math.cos(step) / 9, sourceTokens: step * 2310 },
      ...{ targetTokens: step * 2300, seconds: step * 0.36, targetTokensPerSecond: 3400 + (step % 97) },
    };
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function megabytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'polyhead-history-'));
  try {
    const file = path.join(folder, 'metrics.jsonl');
    await writeMetrics(file);
    const { size } = await stat(file);
    const before = megabytes();
    let rows = 0;
    const feed = new HistoryFeed(
      () => folder,
      ({ steps }) => (rows += steps.step.length),
    );
    const delays = monitorEventLoopDelay({ resolution: 1 });
    const cpu = process.cpuUsage();
    const begun = performance.now();
    delays.enable();
    await feed.watch(['run']);
    delays.disable();
    const toldMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    if (rows !== points) throw new Error(`${rows} rows were told, not ${points}.`);
    const numbers = {
      fileMegabytes: size / 1e6,
      toldMs,
      computedMs: (user + system) / 1000,
      longestTurnMs: delays.max / 1e6,
      megabytes: megabytes() - before,
    };
    const rounded = Object.entries(numbers).map(([name, value]) => [name, Number(value.toFixed(1))]);
    process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

void main();
