import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { Sandbox, ToolError, type RootOptions } from '../../../src/builder/sandbox/sandbox.ts';
import { startWebProxy } from '../../../src/builder/sandbox/webProxy.ts';
import { wipe } from '../../../src/builder/sandbox/wipe.ts';
import { temporaryFolder } from '../../support/builds.ts';
import { littleRoot } from '../../support/littleRoot.ts';

const sandbox = new Sandbox(new AbortController().signal, () => undefined);

/** What a script inside a root prints. */
async function inRoot(script: string, options: Partial<RootOptions> = {}): Promise<string> {
  await using folder = await temporaryFolder();
  const root = await littleRoot(join(folder.path, 'root'));
  return await sandbox.runInRoot(root, script, { hostname: 'inside', ...options });
}

/** The number of the error a system call ends with, or "done". */
const call = (name: string, ...args: readonly (string | number)[]): string =>
  `perl -e 'my @a = (${args.join(', ')}); $! = 0; print "${name} ", (syscall($a[0], @a[1 .. $#a]) == -1 ? $! + 0 : "done"), "\\n"'`;
const notPermitted = 1;
const noSuchCall = 38;
const noSuchFamily = 97;

const repository = join(import.meta.dirname, '../../..');

/** A program of Node's own, as a command line. */
const program = (text: string): string[] => [process.execPath, '--input-type=module', '-e', text];

suite('inside a root', () => {
  test('there is nothing of the computer: the root is all there is', async () => {
    await using folder = await temporaryFolder();
    const secret = join(folder.path, 'secret');
    await writeFile(secret, 'the key of the forge');
    const said = await inRoot('ls -a /; cat "$SECRET" 2>&1 || true; ls /run', { env: { SECRET: secret } });
    assert.doesNotMatch(said, /the key of the forge|^home$|^root$|^srv$|^var$/m);
    assert.match(said, /No such file or directory/);
  });

  test('what it reads can be read and not be written, and nothing else of the build is there', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'given'), 'to be read');
    await writeFile(join(folder.path, 'other'), 'of another build');
    const said = await inRoot(
      'ls /run/build; cat /run/build/given; echo changed 2>&1 > /run/build/given || echo refused',
      { reads: { given: join(folder.path, 'given') } },
    );
    assert.match(said, /^given\nto be read/);
    assert.match(said, /refused/);
    assert.equal(await readFile(join(folder.path, 'given'), 'utf8'), 'to be read');
  });

  test('root has ids of its own, few capabilities, and gets no more', async () => {
    await using folder = await temporaryFolder();
    const root = await littleRoot(join(folder.path, 'root'));
    const said = await sandbox.runInRoot(root, 'id -u; cat /proc/self/status; touch /made', {
      hostname: 'inside',
    });
    assert.match(said, /^0\n/);
    // A normal user's builds are the user itself; root's are nobody.
    const { uid } = await stat(join(root, 'made'));
    assert.equal(uid, process.getuid?.() === 0 ? 1879048192 : process.getuid?.());
    // chown, dac_override, dac_read_search, fowner, fsetid, kill, setgid, setuid, audit_write, setfcap: no other.
    const granted = parseInt(/^CapPrm:\s*(\w+)/m.exec(said)?.[1] ?? 'ffff', 16);
    assert.equal(
      granted,
      [0, 1, 2, 3, 4, 5, 6, 7, 29, 31].reduce((sum, bit) => sum + 2 ** bit, 0),
    );
    assert.match(said, /^NoNewPrivs:\s*1$/m);
  });

  test('system calls that lead out of it are refused', async () => {
    const said = await inRoot(
      [
        call('chroot', 161, '"/tmp"'),
        call('unshare', 272, 0x10000000),
        call('clone', 56, 0x10000011, 0, 0, 0, 0),
        call('clone3', 435, 0, 0),
        call('mount', 165, '"/a"', '"/b"', '"tmpfs"', 0, 0),
        call('ptrace', 101, 16, 1, 0, 0),
        call('keyctl', 250, 0, -3),
        call('setns', 308, 0, 0),
        'mknod /tmp/null c 1 3 2>&1 || echo mknod refused',
      ].join('\n'),
    );
    for (const name of ['chroot', 'unshare', 'clone', 'mount', 'ptrace', 'keyctl', 'setns']) {
      assert.match(said, new RegExp(`^${name} ${notPermitted}$`, 'm'));
    }
    assert.match(said, new RegExp(`^clone3 ${noSuchCall}$`, 'm'));
    assert.match(said, /^mknod refused$/m);
    assert.match(await inRoot('cat /proc/self/status'), /^Seccomp:\s*2$/m);
  });

  test('there are no sockets that lead past a name space, and no calls that are newer than the filter', async () => {
    const families = { unix: 1, ipv4: 2, ipv6: 10, netlink: 16, crypto: 38, vsock: 40, tipc: 30, rds: 21 };
    const said = await inRoot(
      [
        ...Object.entries(families).map(([name, family]) =>
          call(name, 41, family, family === 16 ? 3 : family === 38 ? 5 : 1, 0),
        ),
        call('statmount', 457, 0, 0, 0, 0),
        call('open_tree_attr', 467, 0, 0, 0, 0, 0),
      ].join('\n'),
    );
    for (const name of ['unix', 'ipv4', 'ipv6', 'netlink'])
      assert.match(said, new RegExp(`^${name} done$`, 'm'));
    for (const name of ['crypto', 'vsock', 'tipc', 'rds']) {
      assert.match(said, new RegExp(`^${name} ${noSuchFamily}$`, 'm'));
    }
    for (const name of ['statmount', 'open_tree_attr']) {
      assert.match(said, new RegExp(`^${name} ${noSuchCall}$`, 'm'));
    }
  });

  test('what whoever started the forge had open is not open there', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'secret'), 'of this computer');
    const root = await littleRoot(join(folder.path, 'root'));
    const script = 'ls /proc/self/fd; cat /proc/self/fd/9/secret 2> /dev/null || true';
    const forge = program(`
      import { Sandbox } from ${JSON.stringify(join(repository, 'src/builder/sandbox/sandbox.ts'))};
      const sandbox = new Sandbox(new AbortController().signal, (line) => console.log(line));
      await sandbox.runInRoot(${JSON.stringify(root)}, ${JSON.stringify(script)}, { hostname: 'inside' });`);
    const child = spawn('bash', ['-c', 'exec 9< "$0"; exec "$@"', folder.path, ...forge], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await textOf(child.stdout);
    assert.doesNotMatch(said, /of this computer/);
    // Its own four, and the folder that ls reads.
    assert.deepEqual(said.match(/^\d+$/gm), ['0', '1', '2', '3', '4']);
  });

  test('there is no network, not even to this computer', async () => {
    const server = createServer((socket) => socket.end('reached'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const said = await inRoot(`(exec 5<> /dev/tcp/127.0.0.1/${port} && cat <&5) 2>&1 || true`);
      assert.doesNotMatch(said, /reached/);
      assert.match(said, /refused/);
    } finally {
      server.close();
    }
  });

  test('other processes are neither seen nor reached', async () => {
    const said = await inRoot(
      `for each in /proc/[0-9]*; do echo "\${each#/proc/}"; done; kill -9 ${process.pid} 2>&1 || echo refused`,
    );
    const pids = said.match(/^\d+$/gm) ?? [];
    assert.ok(pids.length <= 4, said);
    assert.match(said, /refused/);
  });

  test('the forge’s environment is not there', async () => {
    process.env['FORGE_TEST_SECRET'] = 'in the environment';
    process.env['https_proxy'] = 'http://name:secret@proxy.example';
    try {
      const said = await inRoot('cat /proc/self/environ /proc/1/environ 2> /dev/null || true');
      assert.doesNotMatch(said, /in the environment|secret@|PLACES/);
    } finally {
      delete process.env['FORGE_TEST_SECRET'];
      delete process.env['https_proxy'];
    }
  });

  test('memory, files and processes are bounded', async () => {
    const said = await inRoot('cat /proc/self/limits');
    for (const name of ['Max data size', 'Max file size', 'Max processes']) {
      assert.match(said, new RegExp(`^${name}\\s+\\d+\\s`, 'm'));
    }
    assert.match(said, /^Max core file size\s+0\s/m);
  });

  test('a program that does not end is ended, with all it started', async () => {
    await assert.rejects(
      inRoot('(while :; do :; done) & while :; do :; done', { longest: 1500 }),
      (error) => error instanceof ToolError && /has not ended after 0.025 minutes/.test(error.message),
    );
  });

  test('processes are counted together, whatever ids they have', async () => {
    // Each of three users, and no more of its own than may be.
    const said = await inRoot(`perl -e '
      my $all = 0;
      for my $id (1 .. 3) {
        pipe my $read, my $write;
        if (fork == 0) {
          syscall(117, $id, $id, $id) == 0 or die;
          my $count = 0;
          while ($count < 1000 && defined(my $child = fork)) { if ($child == 0) { sleep 60; exit } $count++ }
          syswrite $write, "$count\\n";
          sleep 60;
        }
        $all += <$read>;
      }
      print "ALL $all\\n";
    '`);
    const all = Number(/^ALL (\d+)$/m.exec(said)?.[1]);
    assert.ok(all > 1500 && all < 2048, said);
  });

  test('the computer takes its memory back from there first', async () => {
    assert.match(await inRoot('cat /proc/self/oom_score_adj'), /^1000$/);
  });

  test('what is in memory has a size: /tmp, /run and /dev/shm, and nothing else can be written to', async () => {
    const said = await inRoot(`
      cat /proc/self/mountinfo
      for folder in /dev /proc/acpi /proc/fs; do (: > $folder/file) 2> /dev/null && echo "WRITTEN $folder" || true; done`);
    assert.doesNotMatch(said, /WRITTEN/);
    const inMemory = said.split('\n').filter((line) => / rw,\S* - tmpfs /.test(line));
    assert.equal(inMemory.length, 3, said);
    for (const line of inMemory) assert.match(line, / \/(tmp|run|dev\/shm) .*size=2097152k/);
  });

  test('what is printed without an end ends the program, not the forge', async () => {
    const flood = (text: string): string => `perl -e 'my $text = ${text}; print $text for 1 .. 64'`;
    for (const text of ['"x" x 2**20', '("line\\n" x 200_000)']) {
      await assert.rejects(
        inRoot(flood(text)),
        (error) => error instanceof ToolError && error.message.includes('prints more than 32 MB'),
      );
    }
    const long = await inRoot(`perl -e 'print "x" x 100_000, "\\nend\\n"'`);
    assert.deepEqual(
      long.split('\n').map(({ length }) => length),
      [...Array.from({ length: 6 }, () => 16_384), 100_000 - 6 * 16_384, 3],
    );
  });

  test('folders in folders without an end are removed with everything else', async () => {
    await using folder = await temporaryFolder();
    const work = join(folder.path, 'work');
    await mkdir(work);
    await writeFile(join(work, 'setup.tar'), 'of the forge itself');
    const root = await littleRoot(join(work, 'root'));
    const script = `perl -e 'for (1 .. 100) { mkdir "d" x 200 or die; chdir "d" x 200 or die }'`;
    await sandbox.runInRoot(root, script, { hostname: 'inside' });
    const { uid } = await stat(folder.path);
    await wipe(work);
    assert.deepEqual(await readdir(folder.path), []);
    assert.equal((await stat(folder.path)).uid, uid, 'the folder around stays the forge’s');
  });

  test('what tells about the computer is empty, what changes it is read-only', async () => {
    const said = await inRoot(`
      for file in kcore keys kmsg timer_list cmdline partitions interrupts config.gz; do
        if [ -e /proc/$file ]; then (cat /proc/$file 2> /dev/null || true) | perl -e 'print length(join "", <>), "\\n"'; fi
      done
      (echo core > /proc/sys/kernel/core_pattern) 2>&1 || echo refused
      ls /sys 2>&1 || echo no /sys`);
    assert.doesNotMatch(said, /^[1-9]\d*$/m);
    assert.match(said, /refused/);
    assert.match(said, /no \/sys/);
  });

  for (const name of ['dev', 'proc', 'run', 'tmp']) {
    test(`a link in the place of /${name} ends the build, and nothing is mounted where it leads`, async () => {
      await using folder = await temporaryFolder();
      const root = await littleRoot(join(folder.path, 'root'));
      await mkdir(join(folder.path, 'outside'));
      await rm(join(root, name), { recursive: true });
      await symlink(join('../outside'), join(root, name));
      await assert.rejects(
        sandbox.runInRoot(root, 'true', { hostname: 'inside' }),
        (error) =>
          error instanceof ToolError && error.message.startsWith(`/${name} of the image is no folder`),
      );
      assert.deepEqual(await readdir(join(folder.path, 'outside')), []);
    });
  }

  test('a link over any file leads nowhere but into the root', async () => {
    await using folder = await temporaryFolder();
    const victim = join(folder.path, 'victim');
    await writeFile(victim, 'as it was');
    const root = await littleRoot(join(folder.path, 'root'));
    await symlink(victim, join(root, 'etc/machine-id'));
    await sandbox
      .runInRoot(root, ': > /etc/machine-id', { hostname: 'inside' })
      .catch((error: unknown) => assert.ok(error instanceof ToolError));
    assert.equal(await readFile(victim, 'utf8'), 'as it was');
  });

  test('no set-user-ID file it makes belongs to root of this computer', async () => {
    await using folder = await temporaryFolder();
    const root = await littleRoot(join(folder.path, 'root'));
    await sandbox.runInRoot(root, 'touch /tool; chmod 4755 /tool', { hostname: 'inside' });
    const { uid, mode } = await stat(join(root, 'tool'));
    assert.equal(mode & 0o7777, 0o4755);
    assert.notEqual(uid, 0);
  });
});

suite('a tool of the build', () => {
  test('sees what it reads and writes, and nothing else of the computer', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['in', 'out', 'other']) await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, 'in/file'), 'read');
    const said = await sandbox.run(
      `cat "$F/in/file"; echo written > "$F/out/file"; ls "$F"; echo no > "$F/in/more" || echo refused; ls / /etc`,
      {
        env: { F: folder.path },
        reads: [join(folder.path, 'in')],
        writes: [join(folder.path, 'out')],
        capture: true,
      },
    );
    assert.match(said, /^read/);
    assert.match(said, /^refused$/m);
    assert.doesNotMatch(said, /^(other|home|srv|shadow|ssh|subuid)$/m);
    assert.equal(await readFile(join(folder.path, 'out/file'), 'utf8'), 'written\n');
    assert.equal(await lstat(join(folder.path, 'in/more')).catch(() => 'none'), 'none');
  });

  test('has no network unless it fetches packages', async () => {
    const interfaces = 'cat /proc/net/dev';
    const said = await sandbox.run(interfaces, { capture: true });
    assert.deepEqual(
      said.match(/^\s*\w+:/gm)?.map((name) => name.trim()),
      ['lo:'],
    );
  });

  test('works with what lies in a folder that only its owner may walk through', async () => {
    await using folder = await temporaryFolder();
    const inner = join(folder.path, 'private/work');
    await mkdir(inner, { recursive: true, mode: 0o700 });
    await sandbox.run('touch "$F/made"', { env: { F: inner }, writes: [inner] });
    assert.deepEqual(await readdir(inner), ['made']);
  });
});

suite('a program that asked for the web', () => {
  /** What a server answers a program inside, by way of the proxy. */
  const fetch = (request: string, host: string): string =>
    `exec 5<> /dev/tcp/127.0.0.1/3128; printf '${request} HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n' >&5; cat <&5`;

  test('reaches a server out there, and the log says which', async () => {
    const log: string[] = [];
    await using web = await startWebProxy((line) => log.push(line));
    const url = 'http://deb.debian.org/debian/dists/bookworm/Release.gpg';
    const said = await inRoot(
      `sleep_until_there() { until (exec 5<> /dev/tcp/127.0.0.1/3128) 2> /dev/null; do :; done; }
      sleep_until_there; ${fetch(`GET ${url}`, 'deb.debian.org')}`,
      { web },
    );
    assert.match(said, /^HTTP\/1.1 200/);
    assert.match(said, /BEGIN PGP SIGNATURE/);
    assert.deepEqual(log, ['A program of the template reaches deb.debian.org.']);
  });

  test('reaches no address of this computer, by whatever name', async () => {
    const server = createServer((socket) => socket.end('reached'));
    await once(server.listen(0, '::'), 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const own = Object.values(networkInterfaces())
        .flat()
        .flatMap((each) => (each?.family === 'IPv4' ? [each.address] : []));
      await using web = await startWebProxy(() => undefined);
      for (const host of [
        'localhost',
        '127.0.0.1',
        '127.8.8.8',
        '0.0.0.0',
        '2130706433',
        '[::1]',
        '[::ffff:127.0.0.1]',
        '192.168.0.1',
        '[fd00:ec2::254]',
        ...own,
      ]) {
        for (const request of [`GET http://${host}:${port}/`, `CONNECT ${host}:${port}`]) {
          const said = await inRoot(
            `until (exec 5<> /dev/tcp/127.0.0.1/3128) 2> /dev/null; do :; done; ${fetch(request, host)}`,
            { web },
          );
          assert.match(said, /^HTTP\/1.1 403/, request);
          assert.doesNotMatch(said, /reached/, request);
        }
      }
    } finally {
      server.close();
    }
  });

  test('reaches none that belongs to a card without a cable, or to no card at all', async () => {
    const lookUp = program(`
      import { whereBesidesTheWeb } from ${JSON.stringify(join(repository, 'src/uforge/besidesTheWeb.ts'))};
      for (const address of ['203.0.113.1', '203.0.113.2', '198.51.100.9', '2001:db8::1', '2001:db8::2'])
        console.log(address, await whereBesidesTheWeb(address));`);
    const script = `
      ip link set lo up
      ip link add one type veth peer name two
      ip address add 203.0.113.1/24 dev one
      ip address add 2001:db8::1/64 dev one nodad
      ip link set one up
      ip route add local 198.51.100.0/24 dev lo
      exec "$@"`;
    const { stdout } = await promisify(execFile)('unshare', [
      ...['--user', '--map-root-user', '--net', 'bash', '-euc', script, 'bash', ...lookUp],
    ]);
    assert.deepEqual(stdout.trim().split('\n'), [
      '203.0.113.1 this computer',
      '203.0.113.2 undefined',
      '198.51.100.9 this computer',
      '2001:db8::1 this computer',
      '2001:db8::2 undefined',
    ]);
  });

  test('can’t end the forge with a request that can’t be, and nobody else may use its proxy', async () => {
    await using web = await startWebProxy(() => undefined);
    const { uid, mode } = await stat(web.folder);
    assert.equal(mode & 0o777, 0o700);
    assert.equal((await stat(join(web.folder, 'proxy'))).mode & 0o777, 0o600);
    assert.equal(uid, process.getuid?.() === 0 ? 1879048192 : process.getuid?.());
    const socket = connect(join(web.folder, 'proxy'));
    socket.write('GET http://deb.debian.org/ HTTP/1.1\r\nHost: x\r\nTrailer: x\r\nConnection: close\r\n\r\n');
    assert.match(await textOf(socket), /^HTTP\/1.1 \d+/);
  });
});
