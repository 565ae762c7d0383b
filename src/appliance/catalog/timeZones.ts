import { closest } from '../text/suggest.ts';

/** Every time zone there is, as requests and templates name them; older names of some are right as well. */
export function timeZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone');
}

/**
 * Whether there is a time zone of that name, asked of the runtime, which has the same database as Debian. Not `+01:00`
 * and not `europe/paris`, which are no files of it.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** The time zone that was meant: by its city alone, or nearly. */
export function likelyTimeZone(name: string): string | undefined {
  const city = name.trim().replaceAll(' ', '_').toLowerCase();
  const zones = timeZones();
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? closest(name, zones);
}
