import type * as vscode from 'vscode';

/** What VS Code keeps for an extension, as all windows see it. */
export function memento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? (values.get(key) as T) : otherwise),
    update: (key: string, value: unknown) => {
      if (value === undefined) values.delete(key);
      else values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}

/** VS Code's secret storage, in memory. */
export function secrets(kept: Readonly<Record<string, string>> = {}): vscode.SecretStorage {
  const values = new Map(Object.entries(kept));
  const listeners = new Set<(event: vscode.SecretStorageChangeEvent) => void>();
  const told = (key: string): Promise<void> => {
    for (const listener of listeners) listener({ key });
    return Promise.resolve();
  };
  return {
    get: (key) => Promise.resolve(values.get(key)),
    keys: () => Promise.resolve([...values.keys()]),
    store: (key, value) => {
      values.set(key, value);
      return told(key);
    },
    delete: (key) => {
      values.delete(key);
      return told(key);
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      const dispose = (): void => void listeners.delete(listener);
      return Object.assign(Object.create(null) as vscode.Disposable, { dispose });
    },
  };
}
