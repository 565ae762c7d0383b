import type { Finding, Range } from '../text/problem.ts';
import type { ServerKnowledge } from './serverKnowledge.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/** It may be raised, or images be deleted, meanwhile: the server has the last word. */
export function checkQuota({ generations, server }: ServerKnowledge, range: Range): Finding[] {
  if (generations === undefined || generations.used < generations.limit) return [];
  const message = sentence`Your quota on ${server} is used up: ${generations.used} of ${generations.limit} generations.`;
  return [{ message, severity: 'warning', range, code: 'quota' }];
}
