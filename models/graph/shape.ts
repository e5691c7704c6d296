/**
 * Shapes with symbolic dimensions. A dimension is a number, or a name such as `batch` that stands for one
 * number in each run; products of names appear where axes are merged (`batch*targetLength`).
 */

export type Dimension = number | string;
export type Shape = readonly Dimension[];

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** The number of elements as a dimension: a number if all are numbers, else a product in a canonical spelling. */
export function product(shape: Shape): Dimension {
  let count = 1;
  const names: string[] = [];
  for (const dimension of shape) {
    if (typeof dimension === 'number') count *= dimension;
    else {
      const [first, ...rest] = dimension.split('*');
      const factor = Number(first);
      if (Number.isNaN(factor)) names.push(first!, ...rest);
      else {
        count *= factor;
        names.push(...rest);
      }
    }
  }
  if (names.length === 0 || count === 0) return count;
  names.sort();
  return count === 1 ? names.join('*') : [count, ...names].join('*');
}

/** Numpy's broadcasting: axes are aligned at the end; they agree, or one of the two is 1. */
export function broadcastShapes(a: Shape, b: Shape, what: string): Shape {
  const rank = Math.max(a.length, b.length);
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) result.push(left);
    else if (left === 1) result.push(right);
    else throw new Error(`${what}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast.`);
  }
  return result;
}

/** Axis counted from the start; negative ones count from the end. */
export function normaliseAxis(axis: number, rank: number, what: string): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal < 0 || normal >= rank) throw new Error(`${what}: axis ${axis} does not exist in rank ${rank}.`);
  return normal;
}
