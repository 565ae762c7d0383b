import type { TemplateObject } from '../../../appliance/template/model/types.ts';
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
import {
  applianceAt,
  create,
  get,
  getAll,
  placeOf,
  presentAll,
  remove,
  removeAll,
  update,
  type PartKind,
} from './parts.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import type { Routes } from './route.ts';

const nics: PartKind<TemplateObject<'Nic'>, Nic> = {
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
  noun: sentence`User`,
  param: 'osuid',
  idOf: idOfUser,
  list: ({ stack }) => stack.installation?.users ?? [],
  replace: (template, items) => withInstallation(template, { users: items.length === 0 ? undefined : items }),
  present: ({ item }, { uris }) => userOf(item, `${uris.users}/${idOfUser(item)}`),
  read: (user, kept, { problems }) => readUser(user, kept?.item, 'osUser', problems),
};

const groups: PartKind<TemplateObject<'Group'>, OsGroup> = {
  noun: sentence`Group`,
  param: 'osgid',
  idOf: idOfGroup,
  list: ({ stack }) => stack.installation?.groups ?? [],
  replace: (template, items) =>
    withInstallation(template, { groups: items.length === 0 ? undefined : items }),
  present: ({ item }, { uris }) => groupOf(item, `${uris.groups}/${idOfGroup(item)}`),
  read: (group, kept, { problems }) => readGroup(group, kept?.item, 'osGroup', problems),
};

/** What an install profile has lists of: network cards, users, groups. */
export const installPartRoutes: Routes = {
  nic_getAll: getAll(nics, 'nics'),
  nic_create: create(nics, 'nic'),
  nic_get: get(nics, 'nic'),
  nic_update: update(nics, 'nic'),
  nic_delete: remove(nics),

  /** The list as it shall be: what is not in it goes. */
  nic_updateList: async (call) => {
    const { id } = applianceAt(call);
    const body = await call.body('nics');
    const defined = await call.forge.definitions.edit(id, (template, problems) => {
      const cards = readNics(body.nics, template.stack.installation?.nics, 'nics', problems);
      return withNics(template, cards ?? []);
    });
    return await presentAll(nics, 'nics', nics.list(defined.template, call), placeOf(call, defined));
  },

  installProfileUser_getAll: getAll(users, 'osUsers'),
  installProfileUser_create: create(users, 'osUser'),
  installProfileUser_get: get(users, 'osUser'),
  installProfileUser_update: update(users, 'osUser'),
  installProfileUser_delete: remove(users),
  installProfileUser_deleteAll: removeAll(users),

  installProfileGroup_getAll: getAll(groups, 'osGroups'),
  installProfileGroup_create: create(groups, 'osGroup'),
  installProfileGroup_get: get(groups, 'osGroup'),
  installProfileGroup_update: update(groups, 'osGroup'),
  installProfileGroup_delete: remove(groups),
  installProfileGroup_deleteAll: removeAll(groups),
};
