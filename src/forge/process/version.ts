/** The forge's own version. A test keeps it equal to package.json, which a bundle has no way to read. */
export const forgeVersion = '0.1.0';

/** The UForge release whose API the forge speaks: what the `version` header and `/status` say. */
export const apiVersion = '3.8.13';
