import { format, resolveConfig } from 'prettier';
import { routes } from '../../src/forge/api/routes/index.ts';
import { allOperations, type Operation } from '../../src/uforge/operations.ts';
import { units } from '../../src/uforge/units.ts';
import { choices, notes } from './choices.ts';
import { conflicts, noConflicts } from './conflicts.ts';
import { foreignCommands } from './foreignClients.ts';

/** Where the page is, in the project. */
export const operationsPagePath = 'docs/operations.md';

/**
 * The page about the API's operations, as it should be: made of the operations' table and the forge's routes.
 */
export async function operationsPage(): Promise<string> {
  const served = allOperations.filter(({ name }) => routes[name] !== undefined);
  const text = `<!-- Made by "npm run docs" from src/uforge/operations.ts and src/forge/routes. Change those. -->

# Operations

The API of UForge 3.8, as far as machine images need it: ${allOperations.length} operations. The client has a method
for each, named as the operation; \`{uid}\` it fills in itself. The local forge serves ${served.length} of them; the
others it answers with 501 and a \`uforgeError\` that names the operation. A list that pages is also
\`client.each.NAME(…)\`, item by item.

Success is 200 for GET (304 when nothing has changed) and PUT, 201 for POST, 204 for DELETE, or 200 when it answers
with a body. Anything that is about an appliance whose template can't be read any more is 409, too.

| Operation | Method | Path | Client | Forge | 409 when | Remarks |
| --- | --- | --- | --- | --- | --- | --- |
${allOperations.map(row).join('\n')}

## Clients that others wrote

UShareSoft’s own command lines, hammr 3.8.13 and uforgecli 3.8.13, unported, under Python 2.7. \`npm run test:foreign\` runs
exactly these commands in this order, with one forge, where there is a Python 2.7. What they read of an answer is in
\`test/forge/server/clients.test.ts\`, as plain HTTP. A code that is not 0 is the client’s refusal (2) or its end by us
(137, so that there is a build to cancel); with \`-k\` and \`-s\` an API key signs, else there is a password. Not run: what publishes or deploys (it takes a cloud; docs/formats.md says for
which platforms there is a publisher), what scans or migrates (the forge does neither), and the rest of administration
(the forge has one organisation, and users by \`forge user\`).

| Client | Command | Exit code | It says |
| --- | --- | --- | --- |
${foreignCommands.map(({ client, command, byKey, code, says }) => `| ${client} | \`${byKey ? '-k … -s … ' : ''}${command}\` | ${code} | ${says.replaceAll('|', '').trim()} |`).join('\n')}

## Where the documentation is silent

These choices are ours.

${choices.map(({ about, choice }) => `- **${about}.** ${choice}`).join('\n')}

## Units

The schema's annotations say bytes for most sizes; the portal, hammr and the API's samples mean MB (1024 × 1024
bytes) for what is asked for. In \`src/uforge/units.ts\`:

${Object.entries(units)
  .flatMap(([type, fields]) =>
    Object.entries(fields).map(([field, unit]) => `- \`${type}.${field}\`: ${unit}`),
  )
  .join('\n')}
`;
  return await format(text, { ...(await resolveConfig(operationsPagePath)), parser: 'markdown' });
}

function row(operation: Operation): string {
  const { name, method, path } = operation;
  const cells = [
    `\`${name}\``,
    method,
    `\`${path}\``,
    `\`${signature(operation)}\``,
    routes[name] === undefined ? '501' : 'yes',
    conflictOf(operation),
    notes[name] ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function conflictOf({ name }: Operation): string {
  const never = noConflicts[name];
  return conflicts[name] ?? (never === undefined ? '' : `never: ${never}`);
}

/** `machineImage_generate({ aid }, image) → image`. */
function signature({ name, path, query = [], ...operation }: Operation): string {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, parameter]) => parameter)
    .filter((p) => p !== 'uid');
  const params = [...inPath, ...query.map((parameter) => `${parameter}?`)];
  const given = [
    ...(params.length > 0 ? [`{ ${params.join(', ')} }`] : []),
    ...(operation.requestRoot === undefined ? [] : [operation.requestRoot]),
    ...(operation.requestBytes ? ['bytes'] : []),
  ];
  const answer = operation.responseBytes ? 'bytes' : operation.responseRoot;
  return `${name}(${given.join(', ')})${answer === undefined ? '' : ` → ${answer}`}`;
}
