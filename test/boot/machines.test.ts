import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { setTimeout as after500ms } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MachineError, startMachine, type Machine } from '../../src/machines/index.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';
import { start as commandLine } from '../support/commandLine.ts';

const execute = promisify(execFile);
const limits = { timeoutMs: 8 * 60_000 };
const timeout = 20 * 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path = '';
before(
  async () => {
    folder = await temporaryFolder();
    const image = { compress: false, targetFormat: { name: 'QCOW2' } };
    const { artifact } = await startBuild(folder.path, await exampleTemplate('minimal'), image);
    ({ path } = await artifact);
  },
  { timeout },
);
after(() => folder[Symbol.asyncDispose]());

async function emptyDisk(): Promise<string> {
  const disk = join(folder.path, `${randomUUID()}.qcow2`);
  await execute('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '64M']);
  return disk;
}

async function logIn({ console }: Machine): Promise<void> {
  await console.until(/login: /, limits);
  console.write('root\n');
  await console.until(/Password: /, limits);
  console.write('appliance\n');
  await console.until(/# /, limits);
}

/** The QEMUs of this computer that have the text in their command line. */
async function machinesWith(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_pid, index) => lines[index]?.startsWith('qemu') && lines[index].includes(text));
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

suite('a machine', () => {
  test(
    'writes nothing into its image, keeps what it is told to keep, and shuts down',
    { timeout },
    async (t) => {
      const before = await sha256(path);
      const kept = join(folder.path, 'kept.qcow2');
      {
        await using machine = await startMachine({ path, targetFormat: 'QCOW2' }, { keepChanges: true });
        t.diagnostic(machine.accelerator);
        await logIn(machine);
        machine.console.write('echo KEPT-$((40+2)) > /root/kept; sync; echo DO""NE\n');
        await machine.console.until(/DONE/, limits);
        const changes: string[] = [];
        using _listening = machine.onChange(() => changes.push(machine.state));
        const percents: number[] = [];
        await machine.saveAs(kept, { progress: (percent) => percents.push(percent) });
        assert.equal(percents.at(-1), 100);
        assert.deepEqual(changes, ['paused', 'running']);
        await machine.powerButton();
        const { kind, message } = await machine.ended;
        assert.deepEqual([kind, message], ['poweredOff', 'The machine has shut down.']);
        await machine.saveAs(join(folder.path, 'kept-afterwards.qcow2'));
      }
      assert.equal(await sha256(path), before);
      await execute('qemu-img', ['check', '-q', kept]);

      await using again = await startMachine({ path: kept, targetFormat: 'QCOW2' });
      await logIn(again);
      again.console.write('cat /root/kept\n');
      await again.console.until(/KEPT-42/, limits);
      again.console.write('echo c > /proc/sysrq-trigger\n');
      const { kind, message, detail } = await again.ended;
      assert.deepEqual([kind, message], ['panicked', 'The machine’s kernel has panicked.']);
      assert.match(detail ?? '', /Kernel panic - not syncing: sysrq triggered crash/);
    },
  );

  test(
    'appliance-forge start ends with 0 once the console shows what is waited for',
    { timeout },
    async () => {
      const kept = join(folder.path, 'by-command.qcow2');
      const args = ['start', path, '--until', 'minimal login:', '--port', '80', '--keep', kept];
      const { code, out, errors } = await commandLine(args, { HOME: folder.path });
      assert.equal(code, 0, errors);
      assert.match(out, /minimal login:/);
      assert.match(errors, /Port 80 is 127\.0\.0\.1:\d+ here\./);
      await execute('qemu-img', ['check', '-q', kept]);
    },
  );

  test('dies with whoever started it, however that ends, and leaves nothing', { timeout }, async () => {
    const script = join(import.meta.dirname, '../support/startInChild.ts');
    const child = spawn(process.execPath, [script, await emptyDisk(), 'QCOW2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    using stack = new DisposableStack();
    stack.defer(() => child.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { screen } = JSON.parse(line) as { screen: string };
    assert.equal((await machinesWith(screen)).length, 1);
    child.kill('SIGKILL');
    while ((await machinesWith(screen)).length > 0) await after500ms(500);
    assert.ok(await isThere(dirname(screen)));
    await using _next = await startMachine({ path: await emptyDisk(), targetFormat: 'QCOW2' });
    assert.ok(!(await isThere(dirname(screen))), 'the next start tidies up');
  });

  test('says so when QEMU is killed, and leaves nothing', { timeout }, async () => {
    await using machine = await startMachine({ path: await emptyDisk(), targetFormat: 'QCOW2' });
    const screen = machine.screen ?? '';
    const [pid] = await machinesWith(screen);
    const waiting = machine.console.until(/never/, limits).catch((error: unknown) => error);
    process.kill(Number(pid), 'SIGKILL');
    const { kind, message } = await machine.ended;
    assert.deepEqual([kind, message], ['failed', 'QEMU has ended (SIGKILL): the machine is gone.']);
    assert.equal(String(await waiting), `MachineError: ${message}`);
    assert.equal(machine.state, 'ended');
    assert.ok(!(await isThere(dirname(screen))));
    await assert.rejects(machine.forward(80), MachineError);
  });

  test('that finds nothing to start says so, on BIOS and on UEFI', { timeout }, async () => {
    for (const firmware of ['bios', 'uefi'] as const) {
      await using machine = await startMachine(
        { path: await emptyDisk(), targetFormat: 'QCOW2' },
        { firmware },
      );
      await assert.rejects(machine.console.until(/login:/, limits), (error: unknown) => {
        assert.ok(error instanceof MachineError);
        assert.equal(error.kind, 'hopeless');
        assert.match(
          error.message,
          /nothing to start from|No bootable option or device|UEFI Interactive Shell/,
        );
        return true;
      });
    }
  });

  test(
    'does not take a port that another program has, and takes one while it runs',
    { timeout },
    async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const image = { path: await emptyDisk(), targetFormat: 'QCOW2' };
      await assert.rejects(startMachine(image, { ports: [{ guest: 80, host: port }] }), (error: unknown) => {
        assert.ok(error instanceof MachineError);
        assert.equal(error.kind, 'input');
        assert.match(error.message, new RegExp(`^Port ${port} of this computer can’t be had`));
        return true;
      });
      server.close();
      await once(server, 'close');
      await using machine = await startMachine(image);
      assert.deepEqual(await machine.forward(80, port), { guest: 80, host: port });
      assert.equal(machine.ports.length, 2);
      await machine.reset();
      assert.equal(machine.state, 'running');
    },
  );
});
