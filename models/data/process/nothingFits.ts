/** What a training and its plan say where no pair is left to encode. */
import { UserError } from '../../userError';
import type { Part } from './door';

/** @param given how many pairs there were, none of which has at most `longest` tokens on both sides */
export function nothingFits(given: number, part: Part, longest: number): UserError {
  const purpose = part === 'training' ? 'train' : 'validate';
  return new UserError(
    given === 0
      ? `No pair is left to ${purpose} on: every source is one of the validation's. Give more, or hold fewer out.`
      : `None of the ${given} pairs to ${purpose} on has at most ${longest} tokens on both sides: allow more with --longest.`,
  );
}
