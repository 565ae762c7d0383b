import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startMachine, type Accelerator, type ImageFile } from '../../src/machines/index.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../../test/support/builds.ts';
import type { Row } from './report.ts';

const rounds = 2;
const timeoutMs = 15 * 60_000;
const login = /login: /;
const many = 10;
const manyMb = 256;

/** Seconds from the call. */
interface Times {
  readonly firstByte: number;
  readonly login: number;
}

/**
 * A finished image until its login prompt, against plain QEMU with the same hardware on the same file, in turns; and ten
 * small machines at once.
 */
export async function benchStart(signal: AbortSignal): Promise<Row[]> {
  await using folder = await temporaryFolder();
  const { artifact } = await startBuild(
    folder.path,
    await exampleTemplate('nginx'),
    { compress: false, targetFormat: { name: 'QCOW2' } },
    { signal },
  );
  const image = { path: (await artifact).path, targetFormat: 'QCOW2' };
  const [ours, plain]: [Times[], Times[]] = [[], []];
  const { accelerator } = await first(image, signal);
  for (let round = 0; round < rounds; round++) {
    plain.push(await plainQemu(image.path, accelerator, signal));
    ours.push(await ourMachine(image, accelerator, signal));
  }
  const least = (times: readonly Times[], what: keyof Times): number =>
    Math.min(...times.map((each) => each[what]));
  const note = `${accelerator}, ${rounds} rounds`;
  const anchorName = 'plain QEMU';
  return [
    {
      ...{ what: 'start to login: nginx, QCOW2', unit: 's', anchorName, note, ratioAtMost: 1.05 },
      ours: least(ours, 'login'),
      anchor: least(plain, 'login'),
    },
    {
      ...{ what: 'first byte on the console', unit: 's', anchorName, note },
      ours: least(ours, 'firstByte'),
      anchor: least(plain, 'firstByte'),
      atMost: least(plain, 'firstByte') + 1,
    },
    await manyAtOnce(image, accelerator, signal),
  ];
}

/** What works here: whoever starts a second machine knows it, and so does plain QEMU. */
async function first(image: ImageFile, signal: AbortSignal): Promise<{ accelerator: Accelerator }> {
  await using machine = await startMachine(image, { signal });
  return { accelerator: machine.accelerator === 'kvm' ? 'kvm' : 'tcg' };
}

async function ourMachine(image: ImageFile, accelerator: Accelerator, signal: AbortSignal): Promise<Times> {
  const began = performance.now();
  let firstByte = 0;
  const onText = (): void => void (firstByte ||= secondsSince(began));
  await using machine = await startMachine(image, { accelerator, signal, onText });
  await machine.console.until(login, { timeoutMs, signal });
  return { firstByte, login: secondsSince(began) };
}

async function plainQemu(path: string, accelerator: Accelerator, signal: AbortSignal): Promise<Times> {
  const began = performance.now();
  const accelerated = accelerator === 'kvm' ? ['kvm', '-cpu', 'host'] : ['tcg,thread=multi', '-cpu', 'max'];
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...['-nodefaults', '-accel', ...accelerated, '-machine', 'pc', '-smp', '2', '-m', '1024'],
      ...['-device', 'VGA', '-display', 'none', '-serial', 'stdio'],
      ...['-drive', `if=virtio,format=qcow2,file=${path},snapshot=on`],
      ...['-netdev', 'user,id=net0', '-device', 'virtio-net-pci,netdev=net0'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], signal, killSignal: 'SIGKILL' },
  );
  const closed = once(child, 'close');
  let text = '';
  let firstByte = 0;
  try {
    for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      firstByte ||= secondsSince(began);
      text += chunk;
      if (text.includes('login: ')) return { firstByte, login: secondsSince(began) };
    }
    throw new Error(`QEMU has ended: ${text.slice(-1000)}`);
  } finally {
    child.kill('SIGKILL');
    await closed.catch(() => undefined);
  }
}

/** Until a kernel runs in each; against one after the other. */
async function manyAtOnce(image: ImageFile, accelerator: Accelerator, signal: AbortSignal): Promise<Row> {
  const one = async (): Promise<number> => {
    const began = performance.now();
    await using machine = await startMachine(image, { accelerator, signal, memoryMb: manyMb });
    await machine.console.until(/Linux version/, { timeoutMs, signal });
    return secondsSince(began);
  };
  const alone = await one();
  const began = performance.now();
  await Promise.all(Array.from({ length: many }, one));
  return {
    ...{
      what: `${many} machines of ${manyMb} MB at once, until a kernel runs`,
      unit: 's',
      note: accelerator,
    },
    ours: secondsSince(began),
    ...{ anchorName: 'one after the other', anchor: alone * many },
  };
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
