/** The program's own version. A test keeps it equal to package.json, which a bundle has no way to read. */
export const cliVersion = '0.1.0';
