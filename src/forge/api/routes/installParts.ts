import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import { unlessEmpty } from '../../appliances/parts/dtoFields.ts';
import { readNics, withNics } from '../../appliances/parts/installProfile.ts';
import { idOfNic, nicOf, readNic, type Nic } from '../../appliances/parts/nics.ts';
import { withInstallation } from '../../appliances/parts/stack.ts';
import {
  groupOf,
  idOfGroup,
  idOfUser,
  readGroup,
  readUser,
  userOf,
  type OsGroup,
  type OsUser,
} from '../../appliances/parts/users.ts';
import { applianceAt, partRoutes, placeOf, presentAll, type PartKind } from './parts.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import type { Routes } from './route.ts';

const nics: PartKind<TemplateObject<'Nic'>, Nic> = {
  operations: 'nic',
  noun: sentence`Network card`,
  param: 'nid',
  idOf: idOfNic,
  list: ({ stack }) => stack.installation?.nics ?? [],
  replace: withNics,
  present: ({ item, index }, { uris }) => nicOf(item, index, `${uris.nics}/${idOfNic(item, index)}`),
  read: (nic, kept, { problems }) =>
    readNic(nic, kept && { nic: kept.item, index: kept.index }, 'nic', problems),
};

const users: PartKind<TemplateObject<'User'>, OsUser> = {
  operations: 'installProfileUser',
  noun: sentence`User`,
  param: 'osuid',
  idOf: idOfUser,
  list: ({ stack }) => stack.installation?.users ?? [],
  replace: (template, items) => withInstallation(template, { users: unlessEmpty(items) }),
  present: ({ item }, { uris }) => userOf(item, `${uris.users}/${idOfUser(item)}`),
  read: (user, kept, { problems }) => readUser(user, kept?.item, 'osUser', problems),
};

const groups: PartKind<TemplateObject<'Group'>, OsGroup> = {
  operations: 'installProfileGroup',
  noun: sentence`Group`,
  param: 'osgid',
  idOf: idOfGroup,
  list: ({ stack }) => stack.installation?.groups ?? [],
  replace: (template, items) => withInstallation(template, { groups: unlessEmpty(items) }),
  present: ({ item }, { uris }) => groupOf(item, `${uris.groups}/${idOfGroup(item)}`),
  read: (group, kept, { problems }) => readGroup(group, kept?.item, 'osGroup', problems),
};

/** What an install profile has lists of: network cards, users, groups. */
export const installPartRoutes: Routes = {
  ...partRoutes(nics),
  ...partRoutes(users),
  ...partRoutes(groups),

  /** The list as it shall be: what is not in it goes. */
  nic_updateList: async (call) => {
    const { id } = applianceAt(call);
    const body = await call.body('nics');
    const defined = await call.forge.definitions.edit(id, (template, problems) => {
      const cards = readNics(body.nics, template.stack.installation?.nics, 'nics', problems);
      return withNics(template, cards ?? []);
    });
    return await presentAll(nics, nics.list(defined.template, call), placeOf(call, defined));
  },
};
