/** What onnxruntime's profile (a JSON of events) says of each operator that ran: its class, time, and operations. */

export interface Profiled {
  readonly kind: string;
  readonly microseconds: number;
  /** Floating-point operations of a matrix product; 0 for others. */
  readonly operations: number;
}

export interface ProfileOptions {
  /** Whether these are forward and backward, or the optimiser. */
  readonly isStep: boolean;
  readonly vocabularySize: number;
  /** Steps that were taken, of which the first are left out. */
  readonly steps: number;
  readonly warmUps: number;
}

/** A tensor's type and shape, as `{ "float": [2, 3] }`. */
type TypedShape = Readonly<Record<string, readonly number[]>>;

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly ts: number;
  readonly args?: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly TypedShape[];
    readonly output_type_shape?: readonly TypedShape[];
  };
}

/** @param text of the file */
export function readProfile(text: string, options: ProfileOptions): Profiled[] {
  const events = JSON.parse(text) as Event[];
  const runs = events.filter(({ name }) => name === 'model_run').sort((a, b) => a.ts - b.ts);
  // The optimiser runs as often a step as the weights have chunks.
  const first = runs[Math.round((runs.length / options.steps) * options.warmUps)]?.ts ?? Infinity;
  return events
    .filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith('_kernel_time') && ts >= first)
    .map((event) => ({
      kind: options.isStep ? kindOf(event, options.vocabularySize) : 'optimiser',
      microseconds: event.dur,
      operations: options.isStep && isProduct(event) ? operationsOf(event) : 0,
    }));
}

const products = ['MatMul', 'FusedMatMul', 'Gemm', 'FusedGemm'];
const kinds: readonly (readonly [kind: string, operators: RegExp])[] = [
  ['softmax', /Softmax/],
  ['layer normalisation', /LayerNorm/],
  ['look-ups', /^(Gather|Scatter)/],
  ['sums and maxima', /^Reduce/],
  [
    'moving numbers',
    /^(Transpose|Reshape|Concat|Slice|Split|Squeeze|Unsqueeze|Expand|Identity|Shape|Range|Cast|ConstantOfShape|Memcpy.*)$/,
  ],
];

function isProduct({ args }: Event): boolean {
  return products.includes(args?.op_name ?? '');
}

function kindOf(event: Event, vocabularySize: number): string {
  const {
    op_name: operator = '',
    input_type_shape: inputs = [],
    output_type_shape: outputs = [],
  } = event.args ?? {};
  const shapes = [...inputs, ...outputs].flatMap((typed) => Object.values(typed));
  if (isProduct(event)) {
    if (shapes.some((shape) => shape.includes(vocabularySize))) return 'products: vocabulary projection';
    return shapes.some((shape) => shape.length > 3) ? 'products: attention' : 'products: linear maps';
  }
  // Nothing else computes with words and truth values, but for two small masks of padding.
  const types = new Set([...inputs, ...outputs].flatMap((typed) => Object.keys(typed)));
  if (types.has('uint32') || types.has('bool')) return 'dropout masks';
  return kinds.find(([, operators]) => operators.test(operator))?.[0] ?? 'element by element';
}

/** Two for each multiplication with its addition. */
function operationsOf({ args }: Event): number {
  const [a] = Object.values(args!.input_type_shape![0]!);
  const [output] = Object.values(args!.output_type_shape![0]!);
  // Either of the last axes of `a` may be the one that is summed over: the other one is the output's.
  const inner = (a!.at(-1)! * (a!.at(-2) ?? 1)) / (output!.at(-2) ?? 1);
  return 2 * inner * output!.reduce((count, dimension) => count * dimension, 1);
}
