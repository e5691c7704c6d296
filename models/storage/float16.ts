/** IEEE 754 half precision: weights at half the size. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The nearest half, ties to even; numbers beyond ±65504 become infinite. */
export function toFloat16(value: number): number {
  single[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 2¹⁶ and above
  if (magnitude < 0x38800000)
    return sign | roundShift((magnitude & 0x7fffff) | 0x800000, 126 - (magnitude >>> 23));
  return sign | roundShift(magnitude - 0x38000000, 13);
}

/** value / 2^shift, rounded to the nearest whole number, ties to even. */
function roundShift(value: number, shift: number): number {
  if (shift > 31) return 0;
  const floor = value >>> shift;
  const rest = value - floor * 2 ** shift;
  const tie = 2 ** (shift - 1);
  return rest > tie || (rest === tie && floor % 2 === 1) ? floor + 1 : floor;
}

/** All 65,536 halves as singles: one look-up an element when a model is loaded. */
let table: Float32Array | undefined;

export function fromFloat16(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, half) => decode(half));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!;
  return values;
}

function decode(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
