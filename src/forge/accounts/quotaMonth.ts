/**
 * The month of an account that `now` is in: it begins on the day of the month the account was made, in UTC.
 */
export function currentMonth(created: Date, now: Date): { readonly start: Date; readonly end: Date } {
  const months =
    (now.getUTCFullYear() - created.getUTCFullYear()) * 12 + now.getUTCMonth() - created.getUTCMonth();
  const thisMonths = anniversary(created, months);
  return thisMonths <= now
    ? { start: thisMonths, end: anniversary(created, months + 1) }
    : { start: anniversary(created, months - 1), end: thisMonths };
}

/** The day that many months later, at midnight; the last of the month where that day is not in it. */
function anniversary(created: Date, months: number): Date {
  const [year, month] = [created.getUTCFullYear(), created.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(created.getUTCDate(), lastDay)));
}
