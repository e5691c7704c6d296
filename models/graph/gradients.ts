/** Reverse-mode differentiation: the chain rule from a loss back to its parameters, as more graph. */
import { add, applyGradientRule, constantLike, isFloat, zerosLike } from './operators';
import { showShape } from './shape';
import type { Tensor } from './tensor';

/**
 * The gradients of a loss without axes with respect to each parameter, in the parameters' order and shapes.
 * A parameter that the loss does not depend on gets zeros.
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.rank !== 0)
    throw new Error(`gradients: the loss must be a single number, not ${showShape(loss.shape)}.`);
  const onPath = dependentsOf(loss, new Set(parameters));
  const sums = new Map<Tensor, Tensor>([[loss, constantLike(1, loss)]]);
  // Tensors are numbered as they are made, so that going down visits each after all that use it.
  for (const tensor of [...onPath].sort((a, b) => b.id - a.id)) {
    const gradient = sums.get(tensor);
    if (gradient === undefined || tensor.origin.kind !== 'node') continue;
    const { inputs } = tensor.origin;
    applyGradientRule(tensor.origin, gradient).forEach((contribution, index) => {
      const input = inputs[index]!;
      if (contribution === undefined || !onPath.has(input)) return;
      const sum = sums.get(input);
      sums.set(input, sum === undefined ? contribution : add(sum, contribution));
    });
  }
  return parameters.map((parameter) => sums.get(parameter) ?? zerosLike(parameter));
}

/** The floating-point tensors between the parameters and the loss, both included. */
function dependentsOf(loss: Tensor, parameters: ReadonlySet<Tensor>): Set<Tensor> {
  const depends = new Map<Tensor, boolean>();
  // Tensors in the order in which they were made: inputs first, without recursion.
  for (const tensor of ancestors([loss])) {
    const origin = tensor.origin;
    const through = origin.kind === 'node' && origin.inputs.some((input) => depends.get(input));
    depends.set(tensor, isFloat(tensor.type) && (parameters.has(tensor) || through));
  }
  return new Set([...depends].filter(([, does]) => does).map(([tensor]) => tensor));
}

/** Everything that these tensors are made from, themselves included, each after what it is made from. */
export function ancestors(results: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const pending = [...results];
  while (pending.length > 0) {
    const tensor = pending.pop()!;
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (tensor.origin.kind === 'node') pending.push(...tensor.origin.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
