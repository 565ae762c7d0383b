import type { SQLOutputValue } from 'node:sqlite';

/** A row as SQLite gives it. The functions here read a column as the type the schema says it has. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw wrongType(column, value);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw wrongType(column, value);
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) !== 0;
}

function wrongType(column: string, value: SQLOutputValue | undefined): Error {
  return new Error(`The database's column ${column} holds ${value === null ? 'nothing' : typeof value}.`);
}
