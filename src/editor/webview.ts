import * as vscode from 'vscode';
import { escapeHtml } from './escapeHtml.ts';

/**
 * Has a page of src/webview run in a web view: its script and its styles, which nothing else is allowed
 * besides.
 * @param data what the script finds in the body's `data-` attributes
 */
export function fillWebview(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: 'requestForm' | 'ticketPage' | 'machineScreen',
  data: Readonly<Record<string, string>> = {},
): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const address = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`);
  const { cspSource } = webview;
  // VNC's pictures and pointers come as data.
  const images = page === 'machineScreen' ? ' img-src data:;' : '';
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${cspSource}; script-src ${cspSource};${images}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address(`${page}.css`)}">
</head>
<body${attributes.join('')}>
<main></main>
<script type="module" src="${address(`${page}.js`)}"></script>
</body>
</html>`;
}
