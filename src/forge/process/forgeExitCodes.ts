/** How the forge's process ends, for those that start it. */
export const forgeExitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Another forge serves the data folder (sysexits: try again later). */
  dataFolderBusy: 75,
} as const;
