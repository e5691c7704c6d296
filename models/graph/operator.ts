/** What an operator is: its ONNX spelling, its typing rule and its gradient. The table of them is operators.ts. */
import type { Tensor, TensorType } from './tensor';

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

/** Gradients with respect to the inputs; undefined where none flows (indices, conditions, unused inputs). */
export type GradientRule<A> = (
  call: { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[]; readonly attributes: A },
  /** With respect to the first output: no operator here has two that gradients flow through. */
  outputGradient: Tensor,
) => readonly (Tensor | undefined)[];

export interface Operator<A extends object = never> {
  readonly onnxType: string;
  /** `com.microsoft` for onnxruntime's own operators. */
  readonly domain?: string;
  /** Checks the inputs and types the outputs. Throws a sentence that names the operator and the shapes. */
  readonly infer: (inputs: readonly Tensor[], attributes: A) => readonly TensorType[];
  /** How many of the inputs the ONNX node takes, where the rest are there for the gradient alone. */
  readonly emittedInputs?: number;
  /** ONNX wants them named, also those that nothing needs. */
  readonly hasAllOutputs?: true;
  /** ONNX attributes; none by default. */
  readonly encode?: (attributes: A) => Readonly<Record<string, AttributeValue>>;
  /** Said for every operator: a rule, or that there is none. */
  readonly gradient: GradientRule<A> | 'notDifferentiable';
}
