/** Whether a translation may take a passage's place. */
import type { Translation } from '../../models/engine/protocol';
import type { Passage } from '../prose/passage';

/** Nothing is lost that must stay, and arguments of a program still come where they are meant. */
export function accepts(
  passage: Passage,
  { text, segments }: Pick<Translation, 'text' | 'segments'>,
): boolean {
  const isMoved = passage.takesArguments === true && segments.some(({ argumentsMoved }) => argumentsMoved);
  return !isMoved && passage.fits(text);
}
