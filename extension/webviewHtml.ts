/**
 * The shell of a page: one stylesheet, one script, and a policy that allows nothing else. Text reaches a page through
 * its `data-start` and through messages, never as HTML.
 */
import { randomBytes } from 'node:crypto';
import { env, Uri, type Webview, type WebviewOptions } from 'vscode';

/** A bundle of dist/webview/. */
export type PageName = 'attention' | 'training' | 'curves';

const bundles = (extensionUri: Uri): Uri => Uri.joinPath(extensionUri, 'dist', 'webview');

/** What a page may do: run its script, and read its own bundles. */
export function pageOptions(extensionUri: Uri): WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    enableCommandUris: false,
    localResourceRoots: [bundles(extensionUri)],
  };
}

/**
 * @param start what the page gets at once, such as its texts; survives JSON
 * @param title read by screen readers
 */
export function webviewHtml(
  webview: Webview,
  extensionUri: Uri,
  page: PageName,
  title: string,
  start: object,
): string {
  const nonce = randomBytes(18).toString('base64url');
  const address = (file: string): string =>
    escapeHtml(webview.asWebviewUri(Uri.joinPath(bundles(extensionUri), file)).toString());
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${address(`${page}.css`)}">
</head>
<body data-start="${escapeHtml(JSON.stringify(start))}">
<script nonce="${nonce}" src="${address(`${page}.js`)}"></script>
</body>
</html>`;
}

/** The text as it may stand in HTML, between tags and in quotes. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => names[sign]!);
}
