import { vscode } from './dom.ts';

/** The items of lists that show what is in them, by their paths; also those of lists in them. */
export class OpenItems {
  #paths: Set<string>;

  constructor() {
    const kept = vscode.getState();
    this.#paths = new Set(Array.isArray(kept) ? kept.map(String) : []);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  set(path: string, isOpen: boolean): void {
    if (isOpen) this.#paths.add(path);
    else this.#paths.delete(path);
    vscode.setState([...this.#paths]);
  }

  /** The item at a place of a list has gone: those behind it move up. */
  removed(list: string, place: number): void {
    this.#renumber(list, (each) => (each === place ? undefined : each > place ? each - 1 : each));
  }

  swapped(list: string, place: number, other: number): void {
    this.#renumber(list, (each) => (each === place ? other : each === other ? place : each));
  }

  #renumber(list: string, place: (each: number) => number | undefined): void {
    const moved = [...this.#paths].flatMap((path) => {
      const [, name, number, rest] = path.startsWith(`${list}/`)
        ? (/^([^[/]+)\[(\d+)\](.*)$/.exec(path.slice(list.length + 1)) ?? [])
        : [];
      if (name === undefined || rest === undefined) return path;
      const now = place(Number(number));
      return now === undefined ? [] : `${list}/${name}[${now}]${rest}`;
    });
    this.#paths = new Set(moved);
    vscode.setState(moved);
  }
}
