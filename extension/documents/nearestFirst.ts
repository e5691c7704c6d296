/**
 * In which order passages are translated: nearest to where the person looks, some at a time. Knows neither VS Code nor
 * the engine.
 */
import type { Span } from '../prose/prose';

/** Characters that go to the engine at once: a second's work, so that what comes first is soon there. */
const batchCharacters = 1200;

/**
 * Takes the next passages out of those that wait.
 *
 * @param waiting what is taken is removed from it
 * @param focus where the person looks, as a UTF-16 offset
 * @returns in the document's order; empty when nothing waits
 */
export function takeNearest<P extends { readonly span: Span; readonly text: string }>(
  waiting: Set<P>,
  focus: number,
): P[] {
  const distance = ({ span }: P): number => Math.max(span.start - focus, focus - span.end, 0);
  const nearest = [...waiting].sort((one, other) => distance(one) - distance(other));
  const taken: P[] = [];
  let characters = 0;
  for (const passage of nearest) {
    characters += passage.text.length;
    if (taken.length > 0 && characters > batchCharacters) break;
    taken.push(passage);
    waiting.delete(passage);
  }
  return taken.sort((one, other) => one.span.start - other.span.start);
}
