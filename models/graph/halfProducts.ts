/**
 * Mixed precision (Micikevicius et al. 2018): a graph whose matrix products are computed in float16, and everything else as
 * before. It is made of a finished graph, gradients and all, so that neither models nor rules know of it.
 */
import { ancestors } from './gradients';
import { add, applyAgain, cast, operators, reshape } from './operators';
import type { Node, Tensor } from './tensor';

const isOne = (node: Node, ...of: readonly object[]): boolean => of.includes(node.operator);
const isProduct = (node: Node): boolean => isOne(node, operators.matmul, operators.gemm);

/**
 * The same results, but each product of float32 takes its factors as float16 and gives float32 again; what is added to it is
 * added in float32. A tensor that is a factor several times is cast once, and one that goes from product to product without
 * being computed with stays float16.
 *
 * @param holdCasts puts a step that does nothing behind each cast to float16: where a device has no product in float16,
 * onnxruntime computes it in float32, takes a cast and its reverse for nothing, and would round no number at all
 */
export function halveProducts(
  results: readonly Tensor[],
  { holdCasts }: { readonly holdCasts: boolean },
): Tensor[] {
  const replacements = new Map<Tensor, Tensor>();
  const halves = new Map<Tensor, Tensor>();
  const replacementOf = (tensor: Tensor): Tensor => replacements.get(tensor) ?? tensor;

  const held = (half: Tensor): Tensor =>
    holdCasts
      ? reshape(
          half,
          half.shape.map(() => 0),
        )
      : half;

  const halfOf = (tensor: Tensor): Tensor => {
    const known = halves.get(tensor);
    if (known !== undefined) return known;
    const { origin } = tensor;
    const isMoved = origin.kind === 'node' && isOne(origin, operators.transpose, operators.reshape);
    const half = isMoved
      ? applyAgain(origin, [halfOf(origin.inputs[0]!), ...origin.inputs.slice(1)])[tensor.outputIndex]!
      : held(cast(tensor, 'float16'));
    halves.set(tensor, half);
    return half;
  };

  for (const tensor of ancestors(results)) {
    const { origin } = tensor;
    if (origin.kind !== 'node' || replacements.has(tensor)) continue;
    const inputs = origin.inputs.map(replacementOf);
    if (isProduct(origin) && tensor.type === 'float32') {
      const [a, b, addend] = inputs;
      const [product] = applyAgain(origin, [halfOf(a!), halfOf(b!)]);
      const half = held(product!);
      const whole = cast(half, 'float32');
      halves.set(whole, half);
      replacements.set(tensor, addend ? add(whole, addend) : whole);
    } else if (inputs.some((input, index) => input !== origin.inputs[index])) {
      const again = applyAgain(origin, inputs);
      origin.outputs.forEach((output, index) => replacements.set(output, again[index]!));
    }
  }
  return results.map(replacementOf);
}
