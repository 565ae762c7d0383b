import { parseArgs } from 'node:util';
import { targetFormatNamed } from '../appliance/catalog/targetFormats.ts';
import { definitionKindByExtension } from '../appliance/find/definitions.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import type { SbomFormat } from '../generate/packages/billOfMaterials.ts';
import { isPlainHttp } from '../uforge/plainHttp.ts';
import { parseBaseUrl } from '../uforge/uris.ts';
import { Failure } from './failure.ts';
import { messageOf } from '../uforge/messageOf.ts';

export interface GenerateArguments {
  readonly command: 'generate';
  readonly file: string;
  /** Empty for the local forge. */
  readonly server: string;
  readonly user: string;
  readonly output: string;
  /** Name of a target format. */
  readonly format?: string;
  readonly json: boolean;
  readonly replace: boolean;
  /** Folders outside the template's whose files may be packed. */
  readonly allowOutside: readonly string[];
  /** Bills of materials that are written beside the image. */
  readonly sbom: readonly SbomFormat[];
  /** The image is started, and looked at as its template says. */
  readonly test: boolean;
  /** File for the outcomes of the tests. */
  readonly junit?: string;
}

/** `test IMAGE` */
export interface TestArguments extends Pick<GenerateArguments, 'json' | 'format' | 'junit'> {
  readonly command: 'test';
  readonly image: string;
  /** Without it, the template beside or above the image. */
  readonly template?: string;
}

/** `check FILE…` */
export interface CheckArguments {
  readonly command: 'check';
  readonly files: readonly string[];
  readonly format: 'text' | 'json' | 'sarif';
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** Checked for that server, too; the local forge's name is empty. */
  readonly on?: Pick<GenerateArguments, 'server' | 'user'>;
  readonly allowOutside: readonly string[];
}

/** `mcp`: on which server images are built. */
export type McpArguments = { readonly command: 'mcp' } & Pick<GenerateArguments, 'server' | 'user'>;

/** What the commands share that ask a server for something else than an image. */
interface AskArguments extends Pick<GenerateArguments, 'server' | 'user' | 'json'> {
  /** `--set NAME=VALUE`, by name. */
  readonly values: Readonly<Record<string, string>>;
}

export interface PublishArguments extends AskArguments {
  readonly command: 'publish';
  /** A file, or the URI of an image. */
  readonly what: string;
  readonly format?: string;
  readonly account?: string;
}

export interface DeployArguments extends AskArguments {
  readonly command: 'deploy';
  /** The URI of a publication. */
  readonly publication: string;
}

export interface AccountsArguments extends AskArguments {
  readonly command: 'accounts';
  readonly action: 'list' | 'add' | 'delete' | 'test';
  /** The account; none to list them. */
  readonly name: string;
  /** The platform of one that is added. */
  readonly platform: string;
  /** The secret comes on standard input, not from the environment. */
  readonly secretStdin: boolean;
}

/** `start FILE`: a finished image. */
export interface StartArguments {
  readonly command: 'start';
  readonly file: string;
  readonly format?: string;
  /** What the console has to show; else the machine runs until it ends. */
  readonly until?: { readonly pattern: RegExp; readonly timeoutMs: number };
  readonly ports: readonly { readonly guest: number; readonly host?: number }[];
  readonly memoryMb?: number;
  readonly firmware?: 'bios' | 'uefi';
  /** Where the image goes with what the machine has written. */
  readonly keep?: string;
}

export type Arguments =
  | GenerateArguments
  | TestArguments
  | CheckArguments
  | StartArguments
  | McpArguments
  | PublishArguments
  | DeployArguments
  | AccountsArguments
  | { readonly command: 'help' };

export const usage = `Usage: appliance-forge generate FILE [options]
       appliance-forge test IMAGE [--template FILE] [--format NAME] [--junit FILE] [--json]
       appliance-forge test FILE [options of generate]
       appliance-forge check FILE… [--json | --sarif] [--strict] [--allow-outside DIR]… [--on-server]
       appliance-forge start FILE [--until PATTERN [--timeout S]] [--port 8080:80]… [options]
       appliance-forge publish IMAGE|FILE [--account NAME] [--set NAME=VALUE]… [options]
       appliance-forge deploy PUBLICATION [--set NAME=VALUE]… [options]
       appliance-forge accounts [list | add PLATFORM NAME | delete NAME | test NAME] [options]
       appliance-forge mcp [--server URL --user LOGIN [--allow-http]]

generate makes the image that FILE asks for, follows it and downloads it. FILE is a request (representation.xml)
or a template (template.yml, .yaml, .json). test starts an image on this computer, with QEMU, and looks at what its
template says a good one does (“tests”); of a FILE the image is made first, as generate --test does. check says what is
wrong in such files, and with --on-server what the server lacks or can’t build of them. start runs a finished image in
QEMU, with its console here. mcp offers the same to agents, as a server of the Model Context Protocol on standard input
and output.

publish registers a finished image at its platform: the one of that URI, the one a publishImage request (.xml) names, or
the newest one of a template for --format, with the account and the values of its builder. deploy makes a machine of a
publication. accounts are the cloud accounts that the server keeps.

  --server URL    UForge AppCenter, for example https://uforge.example.com/api; without it the local forge
  --user LOGIN    login there; the password is read from APPLIANCE_FORGE_PASSWORD, or a key pair from
                  APPLIANCE_FORGE_API_KEY and APPLIANCE_FORGE_SECRET_KEY
  --output DIR    where the image goes (default: the current folder)
  --format NAME   target format, for example VirtualBox: chooses a template's builder, overrides a request's
  --account NAME  publish: the cloud account, if not the builder's, the request's or the only one
  --set NAME=VALUE
                  a value of the publication, machine or account by its name in the API (may be given several times); a
                  certificate is the name of its file
  --secret-stdin  accounts add: the password, key or token comes on standard input; without it from
                  APPLIANCE_FORGE_ACCOUNT_SECRET
  --allow-http    send the login over plain http to another computer: everybody on the way can read it
  --allow-outside DIR
                  a template may name files in DIR, which is outside its own folder, or below an address in a private
                  network (may be given several times)
  --replace       replace an appliance of that name and version that was not pushed from this computer
  --test          start the image when it is there, and test it
  --template FILE test: the template whose tests are meant (default: the one beside or above the image)
  --junit FILE    write how the tests went, as JUnit has it
  --sbom FORMAT   cyclonedx or spdx: write a bill of materials beside the image (may be given twice)
  --json          one JSON object a line
  --sarif         check: one SARIF document, for code scanning
  --strict        check: warnings count as errors
  --on-server     check: ask the server, the local forge or --server, for all that the files name
  --until PATTERN start: ends with 0 once the console has shown what the regular expression matches
  --timeout S     start: how long that may take (default: 600)
  --port 8080:80  start: port 8080 of 127.0.0.1 leads to 80 of the machine; 80 alone takes a free one (may be given several
                  times; 22 always has one)
  --memory MB     start: memory of the machine (default: 1024)
  --firmware F    start: bios (default) or uefi
  --keep FILE     start: writes the image there with what the machine has changed; else that is thrown away
  --help          this text

APPLIANCE_FORGE_CA_FILE names PEM files of authorities to trust, separated as in PATH; APPLIANCE_FORGE_CERTIFICATE is the
server's own certificate (PEM text), the only one to trust then; APPLIANCE_FORGE_DATA names the local forge's folder.
Exit codes: 0 the image is there, verified, and good if it was tested (published, running), 1 that failed, 2 the input is
wrong, 3 the server can't be reached or refuses, 4 the machine did not come up, 130 interrupted and cancelled on the
server. check: 0 no errors, 2 errors. start: 0 PATTERN was shown, or the machine was shut down, 4 it did not come up.
`;

/** @throws {Failure} that says what is wrong with the arguments */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (values.help === true) return { command: 'help' };
  const [command, file, ...more] = positionals;
  if (command === 'check') return checkArguments(positionals.slice(1), values);
  if (command === 'start') return startArguments(positionals.slice(1), values);
  const forStart = Object.keys(values).find((name) => onlyForStart.includes(name));
  if (forStart !== undefined) throw wrong(`--${forStart} is for start.`);
  if (values.sarif === true || values.strict === true || values['on-server'] === true)
    throw wrong('--sarif, --strict and --on-server are for check.');
  if (command === 'mcp') return mcpArguments(positionals.slice(1), values);
  if (command === 'publish') return publishArguments(positionals.slice(1), values);
  if (command === 'deploy') return deployArguments(positionals.slice(1), values);
  if (command === 'accounts') return accountsArguments(positionals.slice(1), values);
  if (command === 'test' && (file === undefined || definitionKindByExtension(file) === undefined)) {
    return testArguments(positionals.slice(1), values);
  }
  if (values.template !== undefined) throw wrong('--template is for the test of an image.');
  if (command !== 'generate' && command !== 'test') {
    const found = command === undefined ? 'There is no command' : `There is no command “${command}”`;
    throw wrong(`${found}: there are generate, test, check, start, publish, deploy, accounts and mcp.`);
  }
  if (file === undefined) throw wrong('Which file? Name a representation.xml or a template.');
  if (more.length > 0) throw wrong(`One file at a time: “${more.join(' ')}” is too much.`);
  const forAsking = ['account', 'set', 'secret-stdin'].find((name) => Object.hasOwn(values, name));
  if (forAsking !== undefined) throw wrong(`--${forAsking} is not for ${command}.`);
  if (values.format === '') throw wrong('--format needs the name of a target format.');
  return {
    command: 'generate',
    file,
    ...serverIn(values),
    output: values.output ?? '.',
    ...(values.format !== undefined && { format: values.format }),
    json: values.json ?? false,
    replace: values.replace ?? false,
    allowOutside: values['allow-outside'] ?? [],
    sbom: values.sbom?.map(sbomFormat) ?? [],
    ...testing(values, command === 'test'),
  };
}

function testing(
  { test = false, junit }: Values,
  isTest: boolean,
): Pick<GenerateArguments, 'test' | 'junit'> {
  if (junit !== undefined && !test && !isTest) throw wrong('--junit needs --test.');
  if (junit === '') throw wrong('--junit needs the name of a file.');
  return { test: test || isTest, ...(junit !== undefined && { junit }) };
}

function sbomFormat(name: string): SbomFormat {
  if (name === 'cyclonedx' || name === 'spdx') return name;
  throw wrong(`--sbom takes cyclonedx or spdx, not “${name}”.`);
}

function testArguments([image, ...more]: readonly string[], values: Values): TestArguments {
  if (image === undefined) throw wrong('Which image? Name its file, or a request or a template.');
  if (more.length > 0) throw wrong(`One image at a time: “${more.join(' ')}” is too much.`);
  const { template, format, junit, json = false, ...others } = values;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(`--${other} is not for the test of an image that is there.`);
  return {
    ...{ command: 'test', image, json },
    ...(template !== undefined && { template }),
    ...(format !== undefined && { format }),
    ...(junit !== undefined && { junit }),
  };
}

function checkArguments(files: readonly string[], values: Values): CheckArguments {
  if (files.length === 0)
    throw wrong('Which files? Name requests (.xml) and templates (.yml, .yaml, .json).');
  const {
    json = false,
    sarif = false,
    strict = false,
    'allow-outside': allowOutside = [],
    'on-server': isOnServer = false,
    ...others
  } = values;
  const ofServer = isOnServer ? ['server', 'user', 'allow-http'] : [];
  const other = Object.keys(others).find((name) => !ofServer.includes(name));
  if (other !== undefined)
    throw wrong(
      `--${other} is for ${other === 'server' ? 'check with --on-server, and for generate' : 'generate'}.`,
    );
  if (json && sarif) throw wrong('--json or --sarif, not both.');
  const on = isOnServer ? serverIn(values) : undefined;
  const format = sarif ? 'sarif' : json ? 'json' : 'text';
  return { command: 'check', files, format, strict, allowOutside, ...(on && { on }) };
}

const onlyForStart = ['until', 'timeout', 'port', 'memory', 'firmware', 'keep'];
const usualTimeoutS = '600';

function startArguments([file, ...more]: readonly string[], values: Values): StartArguments {
  const other = Object.keys(values).find((name) => name !== 'format' && !onlyForStart.includes(name));
  if (other !== undefined) throw wrong(`--${other} is not for start.`);
  if (file === undefined) throw wrong('Which file? Name an image, for example one that generate has made.');
  if (more.length > 0) throw wrong(`One file at a time: “${more.join(' ')}” is too much.`);
  const { format, until, timeout, port = [], memory, firmware, keep } = values;
  if (format !== undefined && targetFormatNamed(format) === undefined)
    throw wrong(`There is no target format “${format}”.`);
  if (firmware !== undefined && firmware !== 'bios' && firmware !== 'uefi')
    throw wrong('--firmware is bios or uefi.');
  if (timeout !== undefined && until === undefined) throw wrong('--timeout needs --until PATTERN.');
  return {
    ...{ command: 'start', file, ports: port.map(portOf) },
    ...(format !== undefined && { format }),
    ...(until !== undefined && {
      until: {
        pattern: patternOf(until),
        timeoutMs: wholeNumber('--timeout', timeout ?? usualTimeoutS, 86_400) * 1000,
      },
    }),
    ...(memory !== undefined && { memoryMb: wholeNumber('--memory', memory, 2 ** 20) }),
    ...(firmware !== undefined && { firmware }),
    ...(keep !== undefined && { keep }),
  };
}

function portOf(text: string): StartArguments['ports'][number] {
  const [, host, guest = ''] = /^(?:(\d+):)?(\d+)$/.exec(text) ?? [];
  if (guest === '') throw wrong(`--port is as 8080:80 or 80, not “${text}”.`);
  return {
    guest: wholeNumber('--port', guest, 65_535),
    ...(host !== undefined && { host: wholeNumber('--port', host, 65_535) }),
  };
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'm');
  } catch (error) {
    throw wrong(`--until is no regular expression: ${messageOf(error)}`);
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw wrong(`${option} takes a number from 1 to ${most}, not “${text}”.`);
}

function mcpArguments(more: readonly string[], values: Values): McpArguments {
  if (more.length > 0) throw wrong(`mcp takes no file: “${more.join(' ')}” is too much.`);
  const other = Object.keys(values).find((name) => !['server', 'user', 'allow-http'].includes(name));
  if (other !== undefined) throw wrong(`--${other} is not for mcp.`);
  return { command: 'mcp', ...serverIn(values) };
}

const askOptions = ['server', 'user', 'allow-http', 'json', 'set'];

function publishArguments([what, ...more]: readonly string[], values: Values): PublishArguments {
  if (what === undefined)
    throw wrong('Which image? Name its URI, a publishImage request (.xml) or a template.');
  if (more.length > 0) throw wrong(`One image at a time: “${more.join(' ')}” is too much.`);
  assertOnly('publish', values, [...askOptions, 'account', 'format']);
  const { account, format } = values;
  return {
    command: 'publish',
    what,
    ...asked(values),
    ...(account !== undefined && { account }),
    ...(format !== undefined && { format }),
  };
}

function deployArguments([publication, ...more]: readonly string[], values: Values): DeployArguments {
  if (publication === undefined) throw wrong('Which publication? Name its URI.');
  if (more.length > 0) throw wrong(`One publication at a time: “${more.join(' ')}” is too much.`);
  assertOnly('deploy', values, askOptions);
  return { command: 'deploy', publication, ...asked(values) };
}

function accountsArguments(
  [action = 'list', ...names]: readonly string[],
  values: Values,
): AccountsArguments {
  assertOnly('accounts', values, [...askOptions, 'secret-stdin']);
  const wanted = { list: 0, add: 2, delete: 1, test: 1 };
  if (!isKey(wanted, action)) throw wrong(`accounts has no “${action}”: it has list, add, delete and test.`);
  if (names.length !== wanted[action]) {
    const what = {
      list: 'takes no name',
      add: 'takes PLATFORM and NAME',
      delete: 'takes NAME',
      test: 'takes NAME',
    };
    throw wrong(`accounts ${action} ${what[action]}.`);
  }
  return {
    command: 'accounts',
    action,
    name: names.at(-1) ?? '',
    platform: action === 'add' ? (names[0] ?? '') : '',
    ...asked(values),
    secretStdin: values['secret-stdin'] ?? false,
  };
}

function asked(values: Values): AskArguments {
  const pairs = (values.set ?? []).map((pair): readonly [string, string] => {
    const at = pair.indexOf('=');
    if (at < 1) throw wrong(`--set needs NAME=VALUE, not “${pair}”.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return { ...serverIn(values), json: values.json ?? false, values: Object.fromEntries(pairs) };
}

function assertOnly(command: string, values: Values, allowed: readonly string[]): void {
  const other = Object.keys(values).find((name) => !allowed.includes(name));
  if (other !== undefined) throw wrong(`--${other} is not for ${command}.`);
}

function isKey<T extends object>(object: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(object, key);
}

function serverIn({
  server = '',
  user = '',
  'allow-http': allowHttp = false,
}: Values): Pick<GenerateArguments, 'server' | 'user'> {
  if (server === '') return { server, user };
  const url = baseUrlOf(server);
  if (!allowHttp && isPlainHttp(url)) {
    const message = `Over http, others on the network can read what is sent to ${url.host}, the password too.`;
    throw wrong(`${message} Use its https address, or add --allow-http.`);
  }
  if (user === '') throw wrong('--server needs --user LOGIN.');
  return { server, user };
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        user: { type: 'string' },
        account: { type: 'string' },
        set: { type: 'string', multiple: true },
        'secret-stdin': { type: 'boolean' },
        output: { type: 'string' },
        format: { type: 'string' },
        'allow-http': { type: 'boolean' },
        'allow-outside': { type: 'string', multiple: true },
        json: { type: 'boolean' },
        replace: { type: 'boolean' },
        sarif: { type: 'boolean' },
        strict: { type: 'boolean' },
        test: { type: 'boolean' },
        template: { type: 'string' },
        junit: { type: 'string' },
        sbom: { type: 'string', multiple: true },
        'on-server': { type: 'boolean' },
        until: { type: 'string' },
        timeout: { type: 'string' },
        port: { type: 'string', multiple: true },
        memory: { type: 'string' },
        firmware: { type: 'string' },
        keep: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrong(messageOf(error));
  }
}

function baseUrlOf(server: string): URL {
  if (!URL.canParse(server)) {
    throw wrong(`--server must be an address such as https://host/api, not “${server}”.`);
  }
  try {
    return parseBaseUrl(server);
  } catch (error) {
    // Not with the address: a password may be in it.
    throw wrong(`--server: ${messageOf(error)}`);
  }
}

function wrong(message: string): Failure {
  return new Failure(exitCodes.input, message, usage);
}
