// Opens the development page in a browser: the product's page as it is built, under the product's policy, with
// attentionHost.ts in VS Code's place. Nothing is served: the browser's requests are answered here.
import { readFileSync } from 'node:fs';
import { inRoot } from '../../scripts/setup/paths.mjs';

const origin = 'http://polyhead.test';
const nonce = 'development';
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin}; font-src ${origin}`;

const shell = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Attention</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="attention.css"></head>
<body><script nonce="${nonce}" src="attentionHost.js"></script>
<script nonce="${nonce}" src="attention.js"></script></body></html>`;

/** @type {Readonly<Record<string, { type: string, read: () => string }>>} */
const files = {
  '/': { type: 'text/html', read: () => shell },
  '/attention.css': {
    type: 'text/css',
    read: () => readFileSync(inRoot('dist/webview/attention.css'), 'utf8'),
  },
  '/attention.js': {
    type: 'text/javascript',
    read: () => readFileSync(inRoot('dist/webview/attention.js'), 'utf8'),
  },
  '/attentionHost.js': {
    type: 'text/javascript',
    read: () => readFileSync(inRoot('out/pages/attentionHost.js'), 'utf8'),
  },
};

/**
 * @param {import('playwright-core').Page} page
 * @param {Readonly<Record<string, string | number>>} [how] see attentionHost.ts
 * @returns {Promise<string[]>} what goes wrong on the page, as it comes: errors, and what its policy forbids
 */
export async function openAttentionPage(page, how = {}) {
  /** @type {string[]} */
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.route(`${origin}/**`, async (route) => {
    const file = files[new URL(route.request().url()).pathname];
    if (file === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ contentType: `${file.type}; charset=utf-8`, body: file.read() });
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(how)) query.set(name, String(value));
  await page.goto(`${origin}/?${query.toString()}`);
  await page.locator('main').waitFor();
  return faults;
}
