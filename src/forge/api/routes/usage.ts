import type { Dto } from '../../../uforge/dto.ts';
import { dto } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { quotaTypes, type UsageRecord } from '../../store/usageStore.ts';
import type { Call, Routes } from './route.ts';

type Stat = Dto<'UserStat'>;

/** What a user has, had and may have. */
export const usageRoutes: Routes = {
  userQuotas_get: ({ forge, owner, uris }) => {
    const quotas = forge.quotas.of(owner.id).map(({ type, limit, used, monthly, renewal }) => ({
      dbId: quotaTypes.indexOf(type) + 1,
      frequency: monthly ? 'monthly' : 'none',
      limit,
      nb: used,
      ...(renewal && { renewalDate: renewal }),
      type,
      uri: `${uris.user}/quotas`,
    }));
    return listed('quotas', quotas);
  },

  userUsage_get: (call) => {
    const all = call.forge.usage.ofOwner(call.owner.id).map((record) => statTicketOf(record, call));
    return listed('statTickets', all, call.query);
  },

  userStats_get: ({ forge, owner }) => {
    const appliances = forge.appliances.ofOwner(owner.id);
    const images = forge.tickets.ofOwner(owner.id).filter(({ file }) => file !== undefined);
    const generations = forge.usage
      .ofOwner(owner.id)
      .filter(({ action, size }) => action === 'success' && size !== undefined);
    const stats: Stat[] = [
      { type: 'APPLIANCE', currNb: appliances.length },
      stat('OS_APPLIANCE', appliances, ({ distribution }) => distribution ?? 'none'),
      stat('FORMAT_APPLIANCE', images, ({ targetFormat }) => targetFormat),
      stat('GENERATION_APPLIANCE', generations, ({ date }) => date.toISOString().slice(0, 7)),
      { type: 'SCAN', currNb: 0 },
      { type: 'GENERATION_SCAN', currNb: 0 },
    ];
    return dto('userStats', { stats });
  },
};

/** How many there are, and how many of each kind. */
function stat<T>(type: string, all: readonly T[], kindOf: (each: T) => string): Stat {
  const kinds = Map.groupBy(all, kindOf);
  const dataPoints = [...kinds].map(([name, { length }]) => ({ name, nb: length, total: all.length }));
  return { type, currNb: all.length, dataPoints };
}

function statTicketOf(record: UsageRecord, { owner, uris }: Call): Dto<'StatTicket'> {
  return {
    dbId: record.id,
    actionName: record.action,
    date: record.date,
    ...(record.size !== undefined && { diskSize: record.size }),
    ...(record.distribution !== undefined && { distributionName: record.distribution }),
    ...(record.format !== undefined && { formatName: record.format }),
    objectId: record.objectId,
    objectName: record.objectName,
    objectType: record.objectType,
    uri: `${uris.user}/usage`,
    userId: owner.id,
    userLoginName: owner.login,
  };
}
