/** How fast a card multiplies matrices: what a training step cannot be faster than. */
import * as graph from '../../../models/graph/operators';
import { buildProgram } from '../../../models/graph/program';
import { constant, input } from '../../../models/graph/tensor';
import { ort, Session } from '../../../models/runtime/session';
import { report, round, type Clock } from './report';

/** `[rows, inner]` times `[inner, columns]`. */
export type ProductShape = readonly [rows: number, inner: number, columns: number];

export interface ProductTask {
  readonly shapes: readonly ProductShape[];
}

const warmUps = 2;

export async function measureProducts({ shapes }: ProductTask, clock: Clock): Promise<void> {
  const matrix = (name: string) => input(name, 'float32', ['rows', 'columns']);
  const copy = buildProgram('copy', { copied: matrix('from') });
  const upload = await Session.create(copy, { device: 'webgpu', onDevice: ['copied'] });
  const left = input('left', 'float32', ['rows', 'inner']);
  const right = input('right', 'float32', ['inner', 'columns']);
  const product = await Session.create(buildProgram('product', { product: graph.matmul(left, right) }), {
    device: 'webgpu',
    onDevice: ['product'],
  });
  const place = (value: number) => constant('int64', [1], [value]);
  const row = graph.slice(matrix('of'), 0, place(0), place(1), 1);
  const corner = await Session.create(
    buildProgram('corner', { number: graph.slice(row, 1, place(0), place(1), 1) }),
    { device: 'webgpu' },
  );
  const uploaded = async (rows: number, columns: number): Promise<ort.Tensor> => {
    const values = Float32Array.from(
      { length: rows * columns },
      (_, index) => ((index * 7919) % 1009) / 1009 - 0.5,
    );
    return (await upload.run({ from: new ort.Tensor('float32', values, [rows, columns]) })).copied;
  };
  for (const [index, [rows, inner, columns]] of shapes.entries()) {
    if (clock.isOver()) {
      report('end', { complete: false });
      return;
    }
    const feeds = { left: await uploaded(rows, inner), right: await uploaded(inner, columns) };
    /** Seconds of so many products, one after the other: a number of the last one comes back when all are done. */
    const secondsOf = async (count: number): Promise<number> => {
      const begun = performance.now();
      let last: ort.Tensor | undefined;
      for (let done = 0; done < count; done++) {
        last?.dispose();
        last = (await product.run(feeds)).product;
      }
      await corner.run({ of: last! });
      last!.dispose();
      return (performance.now() - begun) / 1000;
    };
    await secondsOf(warmUps);
    const once = await secondsOf(1);
    const share = Math.min(3, Math.max(0, clock.left()) / (shapes.length - index));
    const count = Math.max(1, Math.min(500, Math.floor(share / 3 / once)));
    const rounds: number[] = [];
    do rounds.push((await secondsOf(count)) / count);
    while (rounds.length < 3 && !clock.isOver());
    const seconds = Math.min(...rounds);
    const operations = 2 * rows * inner * columns;
    report(`${rows}×${inner}×${columns}`, {
      rows,
      inner,
      columns,
      milliseconds: round(1000 * seconds),
      teraflops: round(operations / seconds / 1e12),
      products: count * rounds.length,
    });
    for (const tensor of Object.values(feeds)) tensor.dispose();
  }
  report('end', { complete: true });
}
