/** What a percent-encoded text means; the text itself where it is badly encoded, as `%zz`. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
