// The README (and the changelog) as the package's page, for people who have no repository: what needs one is left out, the common problems
// come with it, and of a link that would lead nowhere only the words stay.

/** What stands between these lines is for people with the sources. */
const forDevelopers = /^<!-- for developers -->\n.*?^<!-- end -->\n\n?/gms;
/** A parenthesis that is a link and nothing else, as “([more](docs/more.md))”. */
const aside = /\s\(\[[^\]]*\]\(([^)\s]+)\)\)/g;
const link = /(?<!!)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/** @param {string} markdown @returns {string} without what is for people with the sources */
export function forUsers(markdown) {
  return `${markdown.replace(forDevelopers, '').trimEnd()}\n`;
}

/**
 * @param {string} readme
 * @param {string} problems the text of docs/common-problems.md
 * @returns {string} both as one page
 */
export function pageOf(readme, problems) {
  const page = forUsers(readme).replaceAll('](docs/common-problems.md)', '](#common-problems)');
  // One level down: a page has one title.
  return `${page}\n${problems.replace(/^#/gm, '##')}`;
}

/**
 * @param {string} markdown
 * @param {ReadonlySet<string>} packed the package's files, with forward slashes
 * @returns {string} the same text; of a link to what is not packed, only the text, and nothing where it stands alone in
 *   parentheses
 */
export function packageReadme(markdown, packed) {
  const leads = (/** @type {string} */ target) =>
    /^([a-z]+:|#)/.test(target) || packed.has(target.replace(/#.*$/, ''));
  return markdown
    .replace(aside, (whole, target) => (leads(target) ? whole : ''))
    .replace(link, (whole, text, target) => (leads(target) ? whole : text));
}

/** The pictures that a README shows, as paths from its folder. @param {string} markdown @returns {string[]} */
export function picturesOf(markdown) {
  return [...markdown.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target]) => /** @type {string} */ (target))
    .filter((target) => !/^[a-z]+:/.test(target));
}
