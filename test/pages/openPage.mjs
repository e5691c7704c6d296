// Opens a development page in a browser: the product's page as it is built, under the product's policy, with
// attentionHost.ts or trainingHost.ts in VS Code's place. Nothing is served: the browser's requests are answered here.
import { readFileSync } from 'node:fs';
import { inRoot } from '../../scripts/setup/paths.mjs';

const origin = 'http://polyhead.test';
const nonce = 'development';
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin}; font-src ${origin}`;

/**
 * The page's script runs behind the one that takes VS Code's place.
 * @param {string} page a bundle of dist/webview/ @param {string} host one of out/pages/
 */
const shell = (page, host) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${page}</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${page}.css"></head>
<body><script nonce="${nonce}" src="${host}.js"></script>
<script nonce="${nonce}" src="${page}.js"></script></body></html>`;

/** @typedef {Readonly<Record<string, string | number>>} How see the hosts */

/** @param {import('playwright-core').Page} page @param {How} [how] */
export const openAttentionPage = (page, how = {}) => openPage(page, 'attention', 'attentionHost', how);

/**
 * @param {import('playwright-core').Page} page
 * @param {'training' | 'curves'} name the sidebar's page, or the panel's
 * @param {How} [how]
 */
export const openTrainingPage = (page, name, how = {}) =>
  openPage(page, name, 'trainingHost', { page: name, ...how });

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {string} host
 * @param {How} how
 * @returns {Promise<string[]>} what goes wrong on the page, as it comes: errors, and what its policy forbids
 */
async function openPage(page, name, host, how) {
  /** @type {string[]} */
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  /** @type {Readonly<Record<string, readonly [type: string, read: () => string]>>} */
  const files = {
    '/': ['text/html', () => shell(name, host)],
    [`/${name}.css`]: ['text/css', () => readFileSync(inRoot('dist/webview', `${name}.css`), 'utf8')],
    [`/${name}.js`]: ['text/javascript', () => readFileSync(inRoot('dist/webview', `${name}.js`), 'utf8')],
    [`/${host}.js`]: ['text/javascript', () => readFileSync(inRoot('out/pages', `${host}.js`), 'utf8')],
  };
  await page.route(`${origin}/**`, async (route) => {
    const file = files[new URL(route.request().url()).pathname];
    if (file === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ contentType: `${file[0]}; charset=utf-8`, body: file[1]() });
  });
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(how)) query.set(key, String(value));
  await page.goto(`${origin}/?${query.toString()}`);
  await page.locator('main').waitFor();
  return faults;
}
