import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { suite, test } from 'node:test';
import { StreamConsole } from '../../../src/machines/console.ts';
import { MachineError } from '../../../src/machines/machineError.ts';
import { sentence } from '../../../src/uforge/language/sentence.ts';

const limits = { timeoutMs: 10_000 };

function console(): { ours: StreamConsole; machine: ReturnType<typeof duplexPair>[0] } {
  const [near, machine] = duplexPair();
  machine.setEncoding('utf8');
  return { ours: new StreamConsole(near), machine };
}

async function failed(waiting: Promise<string>): Promise<MachineError> {
  return await waiting.then(
    (text) => assert.fail(text),
    (error: unknown) => {
      assert.ok(error instanceof MachineError, String(error));
      return error;
    },
  );
}

suite('the console of a machine', () => {
  test('resolves with what was waited for, also when it comes in pieces or was there before', async () => {
    const { ours, machine } = console();
    const login = ours.until(/(\w+) login: /, limits);
    machine.write('Debian\r\nmini');
    machine.write('mal lo');
    machine.write('gin: ');
    assert.equal(await login, 'minimal login: ');
    assert.equal(await ours.until(/Debian/, limits), 'Debian');
  });

  test('what stood there before something was typed is no answer to it', async () => {
    const { ours, machine } = console();
    machine.write('# ');
    await ours.until(/# /, limits);
    ours.write('id\n');
    const answer = ours.until(/[^\n]*# /, limits);
    machine.write('uid=0 # ');
    assert.equal(await answer, 'uid=0 # ');
    assert.equal(machine.read(), 'id\n');
  });

  test('gives up at once when the kernel has, with the last lines', async () => {
    const { ours, machine } = console();
    const waiting = failed(ours.until(/login:/, limits));
    machine.write('Loading\nKernel panic - not syncing: VFS: Unable to mount root fs\n');
    const { kind, message, detail } = await waiting;
    assert.equal(kind, 'hopeless');
    assert.match(message, /Kernel panic/);
    assert.match(detail, /^Loading\nKernel panic - not syncing: VFS/);
  });

  test('gives up when time is up, when it is told to, and when the machine ends', async () => {
    const { ours } = console();
    assert.equal((await failed(ours.until(/never/, { timeoutMs: 1 }))).kind, 'timeUp');
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(ours.until(/never/, { ...limits, signal }), /enough/);
    const waiting = failed(ours.until(/never/, limits));
    const said = sentence`The machine has shut down.`;
    ours.end({ kind: 'poweredOff', said, message: said.toString() });
    assert.equal((await waiting).message, 'The machine has shut down.');
    assert.equal((await failed(ours.until(/never/, limits))).kind, 'ended');
  });

  test('keeps the last megabyte, and still knows what is new', async () => {
    const { ours, machine } = console();
    const line = `${'x'.repeat(1023)}\n`;
    const whole = ours.until(/END/, limits);
    for (let kilobytes = 0; kilobytes < 1500; kilobytes += 100) machine.write(line.repeat(100));
    machine.write('END');
    await whole;
    assert.equal(ours.text.length, 2 ** 20);
    ours.write('more\n');
    const next = ours.until(/[^]*END/, limits);
    machine.write('END');
    assert.equal(await next, 'END');
  });
});
