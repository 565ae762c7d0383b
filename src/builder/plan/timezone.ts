/** Whether Debian has a time zone of that name: Node knows the same ones, from the same database. */
export function isTimezone(name: string): boolean {
  try {
    return (
      /^[A-Za-z0-9_+/-]+$/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== ''
    );
  } catch {
    return false;
  }
}
