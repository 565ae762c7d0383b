import * as vscode from 'vscode';
import { proxyFor } from '../../uforge/proxy.ts';

/** How a server is reached: directly, through a named proxy, or as the system says (VS Code finds out). */
export type Route =
  | { readonly mode: 'direct'; readonly proxy?: undefined }
  | { readonly mode: 'proxy'; readonly proxy: URL }
  | { readonly mode: 'system'; readonly proxy?: undefined };

const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Follows VS Code's own settings: `http.proxySupport` off means direct; `http.proxy` (except `http.noProxy`)
 * comes next, then the environment; a server on this computer is reached directly unless `http.proxy` is set.
 */
export function proxySettings(target: URL): Route {
  const http = vscode.workspace.getConfiguration('http');
  if (http.get<string>('proxySupport') === 'off') return { mode: 'direct' };
  const proxy = http.get<string>('proxy', '').trim();
  const noProxy = http.get<string[]>('noProxy', []).join(',');
  const chosen = proxyFor(target, { proxy, noProxy, env: process.env });
  if (chosen !== undefined) return { mode: 'proxy', proxy: chosen };
  return proxy === '' && !loopback.test(target.hostname) ? { mode: 'system' } : { mode: 'direct' };
}
