/** Memories of sources that are still being translated, without a program of onnxruntime and without new memory. */
import { ort } from '../runtime/session';

/** These rows of a tensor along its first axis. It is used up: where they ascend, what comes back lies in its memory. */
export function keepRows(tensor: ort.Tensor, rows: readonly number[]): ort.Tensor {
  const [before, ...rest] = tensor.dims as [number, ...number[]];
  const numbers = tensor.data as Float32Array;
  const width = numbers.length / before;
  const ascend = rows.every((row, index) => index === 0 || row > rows[index - 1]!);
  const kept = ascend ? numbers : new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    if (!ascend) kept.set(numbers.subarray(row * width, (row + 1) * width), index * width);
    else if (row !== index) kept.copyWithin(index * width, row * width, (row + 1) * width);
  });
  return new ort.Tensor('float32', kept.subarray(0, rows.length * width), [rows.length, ...rest]);
}
