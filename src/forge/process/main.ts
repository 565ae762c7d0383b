import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { sleep, systemClock, type Clock } from '../../uforge/clock.ts';
import { BuildError, makeCacheFolder } from '../../builder/index.ts';
import { visibleText } from '../../uforge/visibleText.ts';
import { parseArguments, usage, type ForgeArguments } from './arguments.ts';
import { announce, type ForgeAddress } from './discovery.ts';
import { drainCommand, drainSignal } from './drain.ts';
import { forgeExitCodes } from './forgeExitCodes.ts';
import { Forge } from './forge.ts';
import { Metrics } from '../api/http/metrics.ts';
import { ForgeServer, type AuditEntry } from '../api/http/server.ts';
import { DataFolderBusy, lockDataFolder } from './lock.ts';
import { dataFolder, type DataFolder } from './paths.ts';
import { prepareDataFolder } from './prepareDataFolder.ts';
import { StartError } from './startError.ts';
import { fingerprintOf, readTls, type TlsIdentity } from './tlsFiles.ts';
import { UsageError } from './usageError.ts';
import { terminalAsk } from '../accounts/askPassword.ts';
import { loginProblem } from '../accounts/loginProblem.ts';
import { userCommand, UserCommandError, userUsage } from '../accounts/userCommand.ts';
import { forgeVersion } from './version.ts';
import { asStartError } from './whyNotStarted.ts';

/** Runs a forge until it is told to stop or has been idle for long enough. */
async function serve(options: ForgeArguments, env: NodeJS.ProcessEnv, clock: Clock): Promise<void> {
  // Before anybody can know that there is somebody to stop.
  const stopped = toldToStop(options.listening.tls === undefined);
  const data = dataFolder(options.dataDir);
  await using started = await start(options, data, env, clock).catch((error: unknown) => {
    throw asStartError(error, data);
  });
  const { forge, server, told, renew } = started;
  if (renew !== undefined) process.on('SIGHUP', () => void renew().catch(complain));
  process.stdout.write(`${JSON.stringify(told)}\n`);
  await Promise.race([
    stopped,
    drained(forge, clock),
    idle(options.idleMinutes * 60_000, forge, server, clock),
  ]);
}

interface Started extends AsyncDisposable {
  readonly forge: Forge;
  readonly server: ForgeServer;
  /** For whoever started it. */
  readonly told: {
    readonly url: string;
    readonly user: string;
    readonly password?: string;
    /** Of its certificate, where it is one of its own: SHA-256. */
    readonly fingerprint?: string;
  };
  /** Reads the certificate again; only where there is one. */
  readonly renew: (() => Promise<void>) | undefined;
}

async function start(
  options: ForgeArguments,
  data: DataFolder,
  env: NodeJS.ProcessEnv,
  clock: Clock,
): Promise<Started> {
  await using parts = new AsyncDisposableStack();
  await prepareDataFolder(data);
  await makeCacheFolder(options.cacheDir);
  parts.use(lockDataFolder(data.lock));
  const user = env['FORGE_USER'] ?? 'forge';
  const given = env['FORGE_PASSWORD'];
  const password = given ?? randomBytes(24).toString('base64url');
  const problem = loginProblem(user);
  if (problem !== undefined) throw new UsageError(`FORGE_USER ${problem}`);
  if (password === '') throw new UsageError('FORGE_PASSWORD must not be empty.');
  // What runs under the forge has no use for them.
  delete env['FORGE_USER'];
  delete env['FORGE_PASSWORD'];

  const { listening } = options;
  const identity = async (): Promise<TlsIdentity | undefined> =>
    listening.tls === undefined ? undefined : await readTls(listening.tls, listening, data.tls);
  const tls = await identity();
  const metrics = new Metrics();
  const forge = new Forge({
    data,
    cacheDir: options.cacheDir,
    cacheLimit: options.cacheLimit,
    concurrency: options.concurrency,
    clock,
    measured: (figure) => metrics.built(figure),
    onError: complain,
  });
  parts.use(forge);
  metrics.watch(forge);
  forge.users.first(user);
  await forge.recover();
  const server = parts.use(
    new ForgeServer({
      ...{ forge, session: { user, password }, listening, metrics, onError: complain },
      ...(tls && { tls }),
      ...(options.audit && { onChange: writeAudit }),
    }),
  );
  await server.listen();
  const address: ForgeAddress = { url: server.url, user, password, pid: process.pid, version: forgeVersion };
  parts.use(await announce(data, address, () => server.touch()));
  const owned = parts.move();
  return {
    forge,
    server,
    // Whoever gave a password knows it; one that was made up has to be told.
    told: {
      ...{ url: address.url, user },
      ...(given === undefined && { password }),
      ...(tls && listening.tls === 'selfSigned' && { fingerprint: fingerprintOf(tls) }),
    },
    renew:
      tls &&
      (async () => {
        const renewed = await identity();
        if (renewed !== undefined) server.renew(renewed);
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const forUsers = isAboutUsers(argv);
  if (argv.includes('--help')) process.stdout.write(`${forUsers ? userUsage : usage}\n`);
  else if (argv[0] === 'drain') await drainCommand(argv.slice(1), env);
  else if (forUsers) {
    const print = (line: string): void => void process.stdout.write(`${visibleText(line)}\n`);
    await userCommand(argv.slice(1), { env, clock: systemClock, print, ask: terminalAsk() });
  } else await serve(await parseArguments(argv, env), env, systemClock);
}

function isAboutUsers(argv: readonly string[]): boolean {
  return argv[0] === 'user';
}

/** Resolves when the process is asked to stop. @param byHangUp also when its terminal is closed */
function toldToStop(byHangUp: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', ...(byHangUp ? ['SIGHUP'] : [])]) {
      process.once(signal, () => resolve());
    }
  });
}

/** Resolves when it was told to take no new work, and the last is done. */
async function drained(forge: Forge, clock: Clock): Promise<void> {
  await once(process, drainSignal);
  forge.generations.drain();
  while (forge.isBusy) await sleep(clock, 500);
}

/** Resolves after `idleMs` without a request and without a build; 0 = never. */
async function idle(idleMs: number, forge: Forge, server: ForgeServer, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (forge.isBusy) {
        clock.schedule(idleMs, check);
        return;
      }
      const left = server.lastActivity + idleMs - clock.now();
      if (left <= 0) resolve();
      else clock.schedule(left, check);
    };
    if (idleMs > 0) clock.schedule(idleMs, check);
  });
}

/** One line of JSON a change, for whoever collects them. */
function writeAudit(entry: AuditEntry): void {
  process.stderr.write(`${JSON.stringify({ audit: new Date().toISOString(), ...entry })}\n`);
}

/** Standard error is `forge.log` when the forge was started by an editor. */
function complain(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${new Date().toISOString()} ${visibleText(text)}\n`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(
      `${visibleText(error.message)}\n\n${isAboutUsers(process.argv.slice(2)) ? userUsage : usage}\n`,
    );
    return forgeExitCodes.usage;
  }
  const isSaid =
    error instanceof DataFolderBusy ||
    error instanceof UserCommandError ||
    error instanceof StartError ||
    error instanceof BuildError;
  if (isSaid) {
    process.stderr.write(`${visibleText(error.message)}\n`);
    return error instanceof DataFolderBusy ? forgeExitCodes.dataFolderBusy : forgeExitCodes.failed;
  }
  complain(error);
  return forgeExitCodes.failed;
}

// Whoever reads the address may close the pipe after it; that is no reason to die.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
try {
  await main(process.argv.slice(2), process.env);
  process.exitCode = forgeExitCodes.ok;
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
process.exit();
