/** The schemes of the documents that this room makes. */

/** A document in translation. */
export const translatedScheme = 'polyhead-translation';

/** What a file would be with its comments translated. */
export const proposalScheme = 'polyhead-proposal';
