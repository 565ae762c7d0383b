/** Every command of the extension, without its prefix. A unit test compares the list with package.json. */
export const commandNames = [
  'generate',
  'generateAgain',
  'generateAll',
  'regenerate',
  'simulate',
  'checkOnServer',
  'moveToDebian',
  'openForm',
  'openText',
  'newImageRequest',
  'newApplianceTemplate',
  'cancel',
  'download',
  'explainNoDownload',
  'delete',
  'copyLink',
  'showTicket',
  'showLog',
  'followLog',
  'leaveLog',
  'copyTicketLink',
  'copySample',
  'openWalkthrough',
  'showPackages',
  'comparePackages',
  'exportSbom',
  'openDefinition',
  'refresh',
  'refreshAppliances',
  'pushAppliance',
  'compareAppliance',
  'pullAppliance',
  'groupImages',
  'filterImages',
  'clearFilter',
  'showImages',
  'showOutput',
  'signIn',
  'signOut',
  'selectServer',
  'retry',
  'useLocalForge',
  'stopForge',
] as const;

export type CommandName = (typeof commandNames)[number];
export type CommandId = `applianceForge.${CommandName}`;

export function commandId(name: CommandName): CommandId {
  return `applianceForge.${name}`;
}
