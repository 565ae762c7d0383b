#!/usr/bin/env node
// The door behind every npm script: sets up what the command needs, then hands over to our own Node (24.2 or
// later). Plain JavaScript without dependencies: it must run in a fresh clone on the system's Node (20 or
// later).
import { commands } from './commands.mjs';
import { runUnderOurNode } from './runCommand.mjs';
import { SetupError, setUp } from './setup/setup.mjs';

const [name = '', ...rest] = process.argv.slice(2);
const args = rest[0] === '--' ? rest.slice(1) : rest; // npm takes it out; who calls us directly writes it, too
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Node 20 or later is needed to get started; this is ${process.version}.`);
  process.exitCode = 1;
} else if (!command) {
  console.error(`Unknown command “${name}”. There are: ${Object.keys(commands).join(', ')}.`);
  process.exitCode = 2;
} else {
  try {
    await setUp(command, args);
    process.exitCode = await runUnderOurNode(command, args);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
