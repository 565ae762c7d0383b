import * as vscode from 'vscode';
import { markdownText } from './foreignText.ts';

// The only place that makes Markdown (eslint.config.js). None of it is trusted, so no link in it runs a
// command.

/** Markdown of our own words, with icons; what others have written goes through `markdownText` first. */
export function markdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(text, true);
}

/** A text where VS Code would read Markdown. */
export function plainMarkdown(text: string): vscode.MarkdownString {
  return markdown(markdownText(text));
}
