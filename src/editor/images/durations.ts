import { isFinal } from '../../tickets/state.ts';
import type { Tracked } from '../../tickets/tracked.ts';

/** `1:05` or `2:03:09`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `40 s`, `3 min` or `1 h 20 min`: as exact as an expectation can be. The units are the same in every language. */
export function roundDuration(ms: number): string {
  if (ms < 60_000) return `${Math.max(1, Math.ceil(ms / 10_000)) * 10} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time it has taken so far, or took, in ms. */
export function elapsedOf(record: Tracked, now: number): number {
  const end = isFinal(record.state) ? Date.parse(record.finished ?? record.changed) : now;
  return Math.max(0, end - Date.parse(record.created));
}
