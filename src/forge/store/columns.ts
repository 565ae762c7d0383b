import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** How a value is kept in a column. Its type is the one the schema says the column has. */
export interface Column<T> {
  read(value: SQLOutputValue | undefined): T;
  write(value: T): SQLInputValue;
}

export const text: Column<string> = {
  read: (value) => (typeof value === 'string' ? value : wrong(value)),
  write: (value) => value,
};

export const integer: Column<number> = {
  read: (value) => (typeof value === 'number' ? value : wrong(value)),
  write: (value) => value,
};

export const flag: Column<boolean> = {
  read: (value) => integer.read(value) !== 0,
  write: Number,
};

export const date: Column<Date> = {
  read: (value) => new Date(integer.read(value)),
  write: (value) => value.getTime(),
};

export function optional<T>(column: Column<T>): Column<T | undefined> {
  return {
    read: (value) => (value === null ? undefined : column.read(value)),
    write: (value) => (value === undefined ? null : column.write(value)),
  };
}

/** One of a closed list of words. */
export function oneOf<const W extends string>(...words: readonly W[]): Column<W> {
  return {
    read: (value) => words.find((word) => word === value) ?? wrong(value),
    write: (value) => value,
  };
}

function wrong(value: SQLOutputValue | undefined): never {
  const what = typeof value === 'string' ? `“${value}”` : value === null ? 'nothing' : typeof value;
  throw new Error(`The database holds ${what} where it must hold something else.`);
}
