/**
 * Signatures: what a score was computed with, so that two scores can be compared or are seen not to be comparable.
 * Format and wording are sacreBLEU's (Post 2018, "A Call for Clarity in Reporting BLEU Scores", §4).
 */

/**
 * The sacreBLEU whose numbers these scores equal: what `version:` in a signature says. Scores are computed here, not
 * by sacreBLEU; the tests hold scores, counts and signatures against what this version printed. Change it only
 * together with those values.
 */
export const sacrebleuVersion = '2.6.0';

type SignatureFields = Readonly<Record<string, string | number | boolean>>;

/**
 * For example `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`.
 *
 * @param references how many references each line was compared with
 * @param lowercase whether case was ignored
 * @param fields what else decides the score, by sacreBLEU's names, in its order
 */
export function signatureOf(references: number, lowercase: boolean, fields: SignatureFields): string {
  const all: SignatureFields = {
    nrefs: references,
    case: lowercase ? 'lc' : 'mixed',
    ...fields,
    version: sacrebleuVersion,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}:${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`)
    .join('|');
}

/**
 * What marks a score over references that were tokenised before: `ref:tokenized`. sacreBLEU tokenises both sides
 * alike, so it has no name for this.
 */
export const tokenizedReferences = { ref: 'tokenized' } as const;
