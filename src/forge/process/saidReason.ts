/** A line that is the beginning of an error, as Node prints one: `TypeError [CODE]: what is wrong`. */
const errorLine = /^(?:Uncaught )?[A-Z]\w*(?: \[\w+\])?: (?=\S)/;
const sentenceLine = /^[\p{Lu}“/].* .*[.!?]$/u;

/**
 * Why a forge ended, from what it wrote: the first line that tells a person something, without its date and without the
 * error's class. Frames of a stack and the code around an error are for the log. Others that started at the same time
 * write there, too.
 */
export function saidReason(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^\d{4}-\S+Z /, '').trimEnd());
  const said = lines.find(
    (line) =>
      (sentenceLine.test(line) || errorLine.test(line)) && !line.startsWith('Another forge is using '),
  );
  if (said === undefined) return 'It ended without saying why.';
  const reason = said.replace(errorLine, '');
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
