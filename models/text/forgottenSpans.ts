// Spans that a model forgot to say: the end is barred until each is said (models/inference/candidates.ts), so that they
// stand behind it, as in “You have new messages. {count}”.

import { veils } from './veiledSpans';

const behindEnd = new RegExp(`\\p{L}[.!?…。！？]["'”’»«“)）]*(?:\\s*[${veils}])+[\\s.!?。！？]*$`, 'u');

/**
 * Whether a span stands behind the end of a translation, and none behind that of its source.
 *
 * @param said the translation, and `source`, with their spans veiled
 */
export function hasForgottenSpans(said: string, source: string): boolean {
  return behindEnd.test(said) && !behindEnd.test(source);
}
