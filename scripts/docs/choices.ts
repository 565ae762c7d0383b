import type { OperationName } from '../../src/uforge/operations.ts';

/**
 * What the documentation of UForge 3.8 leaves open and we had to decide, for the server and for the client.
 * Kept beside the code by hand; what can be read from the code is not repeated here.
 */
export const choices: readonly { readonly about: string; readonly choice: string }[] = [
  {
    about: 'Paging',
    choice:
      'The forge reads `offset` as a number of items and takes a missing `count` for all; `total` is what the query finds, on every page. The client (`client.each`) goes on from what really came, gives each item once, tries `offset` as a page number where items are missing, and fails when it gets fewer than `total`.',
  },
  {
    about: 'Order',
    choice:
      '`orderBy` takes a path as a query does; missing values come first. Without it: by id, the oldest first.',
  },
  {
    about: 'Queries',
    choice:
      'FIQL with `==`, `!=`, `=lt=`, `=le=`, `=gt=`, `=ge=`, `;`, `,` and parentheses. A value is bare or in `\'` or `"`; a backslash takes the next character literally, also a quote or `*`; `*` stands for any text. Text is compared exactly. A path through a list finds any of its items.',
  },
  {
    about: 'JSON',
    choice:
      'The kind of an object of many kinds is the member `@xsi.type`, without a prefix; `xsi.type`, `@type`, `$type` and `xsi:type` are read, too. The client itself sends XML.',
  },
  {
    about: 'Kinds of a body',
    choice: 'An OS profile is read as `linuxProfile` and `windowsProfile` as well as with `xsi:type`.',
  },
  {
    about: 'Validators',
    choice:
      'Every DTO has a strong `ETag`, lists and statuses too. `If-None-Match` goes before `If-Modified-Since`. What has no date that tells all its changes (lists, an image with its one-time key) has that of the latest change of anything in the forge; packages and `/status`, which depend on more than that, have no `Last-Modified`.',
  },
  {
    about: 'Waiting',
    choice:
      'A conditional request for statuses with `Prefer: wait=N` (RFC 7240; 50 s at most) is held until the answer is another than the one the client has. `Preference-Applied` says that the forge does so; a server that does not know it just answers.',
  },
  {
    about: 'Keys of templates',
    choice:
      'Every answer names in a header, `template-keys`, the keys of templates the forge knows beyond UForge’s. The client leaves out of what it pushes those of ours that a server does not name.',
  },
  {
    about: 'Codes',
    choice:
      '409 for a generation of a format that is being generated already, and for cancelling what does not run; 400 for an appliance with neither an OS profile nor packages and for what can’t be built; 403 for the resources of another user, for a missing entitlement (it is named) and for a spent download key. The ids of these errors are ours, but for `ERROR.AUTHENTICATION.INVALID`.',
  },
  {
    about: 'Users',
    choice:
      'A user never sees what is another’s: 403 under the other’s name, 404 under their own. A supervisor (`supervisor\\user`, entitlement `supervisor_access`) has that user’s rights. Where an operation names several entitlements, one is enough. The user a forge is started for has all but `supervisor_access`; whom `forge user add` adds has what building and publishing takes.',
  },
  {
    about: 'Quotas',
    choice:
      'Beyond a quota: 403 with the type and the limit as parameters; an import ends in error. A generation counts when it is done, is checked together with those going on, and is not given back by deleting; a simulated one does not count. Disk usage is the archives and image files. A month begins at midnight UTC on the day the account was made. `quota/dbId` is 1 to 4.',
  },
  {
    about: 'Cloud accounts',
    choice:
      'Of any kind; what is secret in them (keys, passwords, tokens, the content of certificates) is never answered, and stays as it was where an update does not say it. `secretsMissing` is true when there are none, or they can’t be opened any more. The forge asks no platform for its resources, so it knows of none. A name twice is 409, another kind in an update 400.',
  },
  {
    about: 'Publications',
    choice:
      'A publication names its account by URI, id or name; the account is referred to, never copied. One for a platform the forge has no publisher for is accepted and ends in error with a sentence that says which it has. 409 for publishing what is not a finished image, cancelling what does not go on, deploying what is not published. `imageUri` chooses the image in `machineImage_publish`. A publication outlives its image and goes with its appliance; deleting it leaves alone what is at the platform. A deployment ends `on-fire`: the forge starts instances nowhere.',
  },
  {
    about: 'Network boot',
    choice:
      'The files of a PXE image are in `files/` of its ticket, with `boot.ipxe` to boot it. The boot script is an iPXE menu of the user’s images. It holds no credentials but a key for each image, a part of the path (`files/KEY/vmlinuz`) that opens this image’s files to who has no credentials, and nothing else; it ends with the image.',
  },
  {
    about: 'Other operations',
    choice:
      'The documented operations that are not in the table above are answered with 501 and their name, too; what is not documented with 404. There are no scans and no migrations: 404, or an empty list.',
  },
  {
    about: 'Appliances',
    choice:
      'An appliance of the forge is its template: what is asked for call by call edits that, and each change makes a new revision. A field that is not in the body of a PUT stays as it was, an empty one is taken away. What a template can’t say is refused with 400 and its name; what an imported template says beyond the language stays in it. A name twice is 409. A template that was taken once and can’t be read any more, by rules that came later, is 409 with the reasons and their lines: its appliance can be listed, imported again with `force` and deleted.',
  },
  {
    about: 'Ids of parts',
    choice:
      'An appliance has one OS profile, one install profile and one partition table, whose ids are its own. Disk `sda` is 1, `sdb` 2 …; a partition’s id is its number, given by its `uri`, by a name such as `3` or `sda3`, else the next free one. Users, groups, cards, volumes, boot scripts and software have an id made of their name: renamed, they have another one.',
  },
  {
    about: 'Install profiles',
    choice:
      '`keyboardAuto`, `timezoneAuto` and `firewallAuto` are true when the template has the setting; `internetSettingsAuto` is false for `ask`. `memorySize` and `hwType` belong to the request for an image. `kernelParameters` are separated by commas or blanks; a comma before a digit or after a backslash belongs to the value.',
  },
  {
    about: 'Bare items',
    choice:
      'Items without the list element around them, as in the page of partitionTableDisk_create, are read.',
  },
  {
    about: 'API keys',
    choice:
      'The client signs with base64 of the raw digest; base64 of its hexadecimal text is an option, and the forge takes either. What is signed is the request’s path and query as they were sent, up to and including `apiKey`; nothing may follow the signature. Method, body and time are not covered: that is the protocol’s, so whoever sees a signed URI can use it again, with another method and body, until the key is deleted. A key that a supervisor made for a user is good as long as the supervisor has `supervisor_access`. The secret key is told once, by `apiKey_create`, which makes both keys itself.',
  },
];

/** Remarks on single operations. */
export const notes: Readonly<Partial<Record<OperationName, string>>> = {
  uforgeStatus_get:
    'Anonymous, but wrong credentials are refused: it checks them cheaply. As `text/plain`, a line for each element.',
  machineImage_get:
    'Answers with a `Link` header to the build log (`rel="log"`), which is ours; the client reads it as `imageLog`.',
  machineImage_download: 'Credentials do instead of a key. A key is spent once the first byte is sent.',
  machineImage_downloadFile: 'As machineImage_download; another file name than the image’s is 404.',
  machineImagePublished_download:
    'The key is `id` in the WADL and `downloadId` in the text: the client sends both.',
  machineImagePkg_getAll: '`level` is 0 for the profile’s packages and 1 for those they need.',
  userMachineImage_getAll: 'An `img` that is not there is left out.',
  userMachineImageStatus_get: 'An `img` that is not there is left out.',
  cloudAccountResources_get: 'Always empty: the forge talks to no platform.',
  machineImageFile_download: 'For images that boot over the network.',
  pxeBootScript_download: 'An iPXE script; 404 without an image that boots over the network.',
  appliance_create: 'Needs a name, a version and a distribution.',
  appliance_update:
    '`mySoftwareList` and `mySoftwareUris` choose among the bundles that the user’s appliances have; they come with their files.',
  appliance_clone: 'Needs a name and a version of its own.',
  appliance_export:
    'Answers at once; the archive has the template (YAML unless told) and all files, and makes the same appliance when it is imported.',
  applianceOSProfile_create: 'By `standardProfileUri` or `name`.',
  applianceOSProfile_delete: 'The packages that were added go with it.',
  applianceOSProfilePkg_getAll:
    'The added packages, then those of the standard profile (`default`), which can’t be deleted.',
  applianceOSProfilePkg_updateAll:
    'A package is added by its name, and its newest version is installed; one in `pkgs` with a version is pinned, unless `sticky` is false. `pkgs` is the whole list.',
  applianceBootScript_create:
    'Until its file is uploaded, the appliance can’t be generated or exported: 400.',
  applianceBootScript_deleteAll: '`type` is when they run: `firstboot` or `everyboot`.',
  applianceBootScript_download: 'Anonymous at UForge, by key; the forge wants credentials.',
  applianceBootScript_downloadFile: 'As applianceBootScript_download.',
  applianceProject_getAll: 'The forge has no projects: always empty.',
  partitionTableDisk_create: 'A disk without a size is as large as its partitions.',
  partitionTableLogicalVolume_create: 'One `volume` for each `logicalVolume`.',
  nic_updateList: 'The list as it shall be: what is not in it goes.',
  appliance_import:
    '`reuseBundles` takes bundles of that name and version from the user’s other appliances; `useMajor` makes Debian 12.4 Debian 12. The WADL has no answer; ours is the `applianceImport`, as hammr expects it.',
  applianceImport_upload: 'A refused archive is a 201 whose status has `error`, as at UForge.',
  appliance_delete: 'With `force` what goes on is cancelled.',
};
