/** Checkpoint averaging, §6.1: the mean of the last checkpoints' weights translates better than the last alone. */
import { readModel, type Model } from '../storage/modelFolder';
import { UserError } from '../userError';
import { listCheckpoints } from './checkpoints';

/** The newest checkpoint's model with the mean weights of the `count` newest. */
export async function averageCheckpoints(run: string, count: number): Promise<Model> {
  const folders = (await listCheckpoints(run)).slice(0, count);
  if (folders.length === 0)
    throw new UserError(`${run} holds no checkpoints: give the folder that train wrote to.`);
  if (folders.length < count) {
    throw new UserError(`${run} has ${folders.length} checkpoints, not ${count}: average fewer.`);
  }
  const newest = await readModel(folders[0]!);
  const sums = new Map([...newest.weights].map(([name, values]) => [name, Float64Array.from(values)]));
  for (const folder of folders.slice(1)) {
    const { weights } = await readModel(folder);
    for (const [name, sum] of sums) {
      const values = weights.get(name)!;
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    }
  }
  const weights = new Map(
    [...sums].map(([name, sum]) => [name, Float32Array.from(sum, (value) => value / count)]),
  );
  return { ...newest, weights };
}
