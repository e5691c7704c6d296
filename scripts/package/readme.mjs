// The README as the package's page, for people who have no repository: what needs one is left out, the common problems
// come with it, and of a link that would lead nowhere only the words stay.

/** What stands between these lines of the README is for people with the sources. */
const forDevelopers = /^<!-- for developers -->\n.*?^<!-- end -->\n\n?/gms;
const link = /(?<!!)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/**
 * @param {string} readme
 * @param {string} problems the text of docs/common-problems.md
 * @returns {string} both as one page
 */
export function pageOf(readme, problems) {
  const page = readme
    .replace(forDevelopers, '')
    .replaceAll('](docs/common-problems.md)', '](#common-problems)')
    .trimEnd();
  // One level down: a page has one title.
  return `${page}\n\n${problems.replace(/^#/gm, '##')}`;
}

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
