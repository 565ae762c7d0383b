import { closest, didYouMean, replacement, unlessSure } from '../text/suggest.ts';
import type { Finding, Range } from '../text/problem.ts';
import type { KnownAccount, ServerKnowledge } from './serverKnowledge.ts';
import { sentence, type Part } from '../../uforge/language/sentence.ts';

/** A name of a cloud account, in a request or in a builder: publishing would not find it. */
export function checkAccountName(
  name: string,
  range: Range,
  { server, accounts = [] }: ServerKnowledge,
  platform: string | undefined,
  quoted: (name: string) => string = (each) => each,
): Finding[] {
  const account = accounts.find((each) => each.name === name);
  const fitting = accounts.filter((each) => isFor(each, platform));
  if (account !== undefined && isFor(account, platform)) return [];
  if (account !== undefined) {
    const message = sentence`The cloud account “${name}” is for ${account.platform ?? sentence`another platform`}, not for ${platform ?? sentence`this format`}.${listed(fitting)}`;
    return [{ message, severity: 'warning', range, code: 'wrong-account' }];
  }
  const names = fitting.map((each) => each.name);
  const suggestion = closest(name, names);
  const message = sentence`You have no cloud account “${name}” on ${server}.${didYouMean(suggestion)}${listed(fitting)} Publishing would fail.`;
  const fixes =
    suggestion === undefined
      ? {}
      : {
          fixes: [
            {
              ...replacement(range, suggestion, quoted(suggestion)),
              ...unlessSure(name, suggestion, names),
            },
          ],
        };
  return [{ message, severity: 'warning', range, code: 'unknown-account', ...fixes }];
}

function isFor({ platform }: KnownAccount, wanted: string | undefined): boolean {
  return wanted === undefined || platform === undefined || platform === wanted;
}

function listed(accounts: readonly KnownAccount[]): Part {
  return accounts.length === 0 ? '' : sentence` You have: ${accounts.map(({ name }) => name).join(', ')}.`;
}
