import * as vscode from 'vscode';
import type { Clock } from '../../uforge/clock.ts';
import { openPick, shownItems } from '../inputs.ts';
import type { FoundPackage } from '../server/knowledge.ts';
import { answerOf, shown, type Answer, type Place } from './steps.ts';
import { messageOf } from '../../uforge/messageOf.ts';

const quietMs = 250;

export interface PackageSearch {
  readonly picked: readonly string[];
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly FoundPackage[]>;
  readonly clock: Clock;
}

interface PackageItem extends vscode.QuickPickItem {
  readonly name: string;
}

/** Lets a person pick packages: typing searches the server, and what is picked stays in the list. */
export async function askPackages(
  place: Place,
  { picked, search, clock }: PackageSearch,
): Promise<Answer<readonly string[]>> {
  const pick = openPick<PackageItem>();
  const placeholder = vscode.l10n.t('Type to search for packages; Enter when you have all you need');
  Object.assign(pick, shown(place), { placeholder, canSelectMany: true });
  const chosen = new Map(picked.map((name) => [name, itemFor({ name, version: '' })]));
  let filling = false;
  let cancel = new AbortController();
  let timer: Disposable | undefined;

  const show = (found: readonly FoundPackage[], more: readonly PackageItem[] = []): void => {
    filling = true;
    const others = found.filter(({ name }) => !chosen.has(name)).map(itemFor);
    pick.items = shownItems([...chosen.values(), ...others, ...more]);
    pick.selectedItems = pick.items.filter(({ name }) => chosen.has(name));
    filling = false;
  };
  const look = async (text: string): Promise<void> => {
    cancel.abort();
    cancel = new AbortController();
    const { signal } = cancel;
    pick.busy = true;
    try {
      const found = await search(text, signal);
      if (!signal.aborted) show(found);
    } catch (error) {
      if (signal.aborted) return;
      // What can't be looked up can still be asked for.
      const detail = vscode.l10n.t('The server could not be searched: {0}', messageOf(error));
      show([], text === '' ? [] : [{ name: text, label: text, detail, alwaysShow: true }]);
    } finally {
      if (!signal.aborted) pick.busy = false;
    }
  };
  show([]);
  void look('');
  try {
    return await answerOf<readonly string[]>(pick, (done) => [
      pick.onDidChangeValue((text) => {
        timer?.[Symbol.dispose]();
        timer = clock.schedule(quietMs, () => void look(text.trim()));
      }),
      pick.onDidChangeSelection((items) => {
        if (filling) return;
        const names = new Set(items.map(({ name }) => name));
        for (const name of chosen.keys()) if (!names.has(name)) chosen.delete(name);
        for (const item of items) if (!chosen.has(item.name)) chosen.set(item.name, item);
      }),
      pick.onDidAccept(() => done({ value: [...chosen.keys()] })),
    ]);
  } finally {
    timer?.[Symbol.dispose]();
    cancel.abort();
  }
}

function itemFor({ name, version }: Pick<FoundPackage, 'name' | 'version'>): PackageItem {
  return { name, label: name, description: version };
}
