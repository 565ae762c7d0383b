import { isFinal } from '../../../tickets/state.ts';
import type { Ticket } from '../../../tickets/ticket.ts';
import { formatDuration } from '../durations.ts';
import { loggedStages } from '../log/logStages.ts';
import type { StageBar } from './ticketHtml.ts';

interface Timed {
  readonly name: string;
  readonly ms: number;
}

/**
 * The stages of a ticket with their share of the time: as the server measured them where its log says so,
 * else as this window or another saw them pass. Empty when nobody knows.
 */
export function stageBars(ticket: Ticket, log: string | undefined, now: number): readonly StageBar[] {
  const { state } = ticket;
  const end = isFinal(state) ? Date.parse(ticket.finished ?? ticket.changed) : now;
  const logged = loggedTimes(ticket, log ?? '', end);
  const stages = logged.length > 0 ? logged : seenTimes(ticket, end);
  const whole = Math.max(
    1,
    stages.reduce((sum, { ms }) => sum + ms, 0),
  );
  let from = 0;
  return stages.map(({ name, ms }, index) => {
    const last = index === stages.length - 1;
    const bar: StageBar = {
      name,
      duration: formatDuration(ms),
      from: (from / whole) * 100,
      share: (ms / whole) * 100,
      state: last && state === 'failed' ? 'failed' : last && !isFinal(state) ? 'running' : 'ended',
    };
    from += ms;
    return bar;
  });
}

/** The one that goes on, or was broken off, has no time in the log: it began when it was first seen. */
function loggedTimes(ticket: Ticket, log: string, end: number): readonly Timed[] {
  return loggedStages(log).map(({ name, ms }) => {
    const seen = ticket.stages?.find((stage) => stage.name === name)?.at;
    return { name, ms: ms ?? (seen === undefined ? 0 : Math.max(0, end - Date.parse(seen))) };
  });
}

function seenTimes({ stages = [] }: Ticket, end: number): readonly Timed[] {
  return stages.map(({ name, at }, index) => {
    const next = stages[index + 1];
    const until = next === undefined ? end : Date.parse(next.at);
    return { name, ms: Math.max(0, until - Date.parse(at)) };
  });
}
