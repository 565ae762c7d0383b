/**
 * Environment variables of the command line: its folder, secrets, and who vouches for a server. The editor
 * fills them for agents.
 */
export const variables = {
  /** Where the local forge lives. */
  data: 'APPLIANCE_FORGE_DATA',
  password: 'APPLIANCE_FORGE_PASSWORD',
  apiKey: 'APPLIANCE_FORGE_API_KEY',
  secretKey: 'APPLIANCE_FORGE_SECRET_KEY',
  /** The password, key or token of a cloud account that is added. */
  accountSecret: 'APPLIANCE_FORGE_ACCOUNT_SECRET',
  /** PEM files of authorities, separated as in `PATH`. */
  caFiles: 'APPLIANCE_FORGE_CA_FILE',
  /** The server's own certificate as PEM: no other is accepted then, and the host's name does not matter. */
  certificate: 'APPLIANCE_FORGE_CERTIFICATE',
} as const;
