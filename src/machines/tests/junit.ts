import { escapeXml } from '../../uforge/escapeXml.ts';
import { visibleText } from '../../uforge/visibleText.ts';
import type { Outcome } from './outcome.ts';

/** What was tested. */
export interface TestedImage {
  /** For a person: `nginx 1.0 for VirtualBox`. */
  readonly name: string;
  /** ms since 1970. */
  readonly startedAt: number;
}

/** The outcomes as JUnit has them and CI reads them. Source: the schema of Jenkins’ xUnit plugin (junit-10.xsd). */
export function junitOf({ name, startedAt }: TestedImage, outcomes: readonly Outcome[]): string {
  const count = (state: Outcome['state']): number => outcomes.filter((each) => each.state === state).length;
  const total = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const counts = attributes({
    tests: outcomes.length,
    failures: count('failed'),
    errors: count('notRun'),
    time: seconds(total),
  });
  const timestamp = new Date(startedAt).toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${counts}>`,
    `  <testsuite${attributes({ name })}${counts} skipped="0"${attributes({ timestamp })}>`,
    ...outcomes.flatMap((outcome) => testCase(name, outcome)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(
  classname: string,
  { name, state, said, output, durationMs, console }: Outcome,
): readonly string[] {
  const start = `    <testcase${attributes({ classname, name, time: seconds(durationMs) })}`;
  const seen = output === '' ? [] : [`      <system-out>${text(output)}</system-out>`];
  if (state === 'passed')
    return seen.length === 0 ? [`${start}/>`] : [`${start}>`, ...seen, '    </testcase>'];
  const element = state === 'failed' ? 'failure' : 'error';
  const message = said.toString();
  const detail = [message, ...(console ? ['', 'The console:', console] : [])].join('\n');
  return [
    `${start}>`,
    `      <${element}${attributes({ message, type: state })}>${text(detail)}</${element}>`,
    ...seen,
    '    </testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${text(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`,
    )
    .join('');
}

/** XML has no place for control characters: they become signs, as everywhere else. */
function text(value: string): string {
  return escapeXml(visibleText(value)).replaceAll(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
