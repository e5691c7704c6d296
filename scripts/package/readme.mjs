// The README as the package's page: a link into the repository leads nowhere there, so its words stay alone.

const link = /(?<!!)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/**
 * @param {string} markdown
 * @param {ReadonlySet<string>} packed the package's files, with forward slashes
 * @returns {string} the same text; of a link to what is not packed, only the text
 */
export function packageReadme(markdown, packed) {
  return markdown.replace(link, (whole, text, target) => {
    const leads = /^([a-z]+:|#)/.test(target) || packed.has(target.replace(/#.*$/, ''));
    return leads ? whole : text;
  });
}

/** The pictures that a README shows, as paths from its folder. @param {string} markdown @returns {string[]} */
export function picturesOf(markdown) {
  return [...markdown.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target]) => /** @type {string} */ (target))
    .filter((target) => !/^[a-z]+:/.test(target));
}
