import * as vscode from 'vscode';
import { isAbort } from './errors.ts';
import { messageText } from './foreignText.ts';

export interface Step {
  readonly message: string;
  /** Part done, 0 to 1. Left out: unknown, the bar just moves. */
  readonly fraction?: number;
}

export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'cancelled' };

/**
 * Runs `work` behind a notification with a Cancel button. Pressing it aborts the signal; the outcome is then
 * `cancelled`, whatever `work` makes of it. Other errors are thrown on.
 */
export async function withProgress<T>(
  title: string,
  work: (report: (step: Step) => void, signal: AbortSignal) => Promise<T>,
): Promise<Outcome<T>> {
  const location = vscode.ProgressLocation.Notification;
  const options = { location, title: messageText(title), cancellable: true };
  return await vscode.window.withProgress<Outcome<T>>(options, async (progress, token) => {
    using cancellation = abortOn(token);
    let shown = 0;
    const report = ({ message: said, fraction }: Step): void => {
      const message = messageText(said);
      // VS Code adds increments up, so what is reported is the difference to what is shown.
      const percentage = fraction === undefined ? shown : Math.min(100, Math.max(shown, fraction * 100));
      progress.report(fraction === undefined ? { message } : { message, increment: percentage - shown });
      shown = percentage;
    };
    try {
      return { kind: 'done', value: await work(report, cancellation.signal) };
    } catch (error) {
      if (cancellation.signal.aborted || isAbort(error)) return { kind: 'cancelled' };
      throw error;
    }
  });
}

/** Shows in a view that something is being done for it. */
export async function withViewProgress(viewId: string, work: () => Promise<void>): Promise<void> {
  await vscode.window.withProgress({ location: { viewId } }, work);
}

/** An abort signal that follows VS Code's token. Dispose to stop following. */
export function abortOn(token: vscode.CancellationToken): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const follow = token.onCancellationRequested(() => controller.abort());
  if (token.isCancellationRequested) controller.abort();
  return { signal: controller.signal, [Symbol.dispose]: () => void follow.dispose() };
}
