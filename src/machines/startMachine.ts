import { copyFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { sentence } from '../uforge/language/sentence.ts';
import { makeAccessKey } from './access.ts';
import { acceleratorsHere, provenWithinMs, runsKernel, saidByKernel } from './accelerator.ts';
import { StreamConsole } from './console.ts';
import { startContainer } from './containerMachine.ts';
import { disksOf, type Disks } from './disks.ts';
import { findUefi } from './firmware.ts';
import { hardwareFor, isContainer, type Hardware } from './hardware.ts';
import { MachineError } from './machineError.ts';
import { makeMachineFolder, usedByOthers } from './machineFolder.ts';
import type { Accelerator, ImageFile, Machine, StartOptions } from './model.ts';
import { serveNetworkBoot } from './networkBoot.ts';
import { makeOverlays } from './overlays.ts';
import { overlayName, qemuArguments } from './qemuArguments.ts';
import { QemuMachine } from './qemuMachine.ts';
import { cacheFolder } from './userFolders.ts';
import { descriptors, spawnQemu, type QemuProcess } from './qemuProcess.ts';

const usualMemoryMb = 1024;
const usualCpus = 2;

/** What is known before the first try. */
interface Start {
  readonly image: ImageFile;
  readonly options: StartOptions;
  readonly hardware: Hardware;
  readonly memoryMb: number;
  readonly disks: Disks;
}

/**
 * Starts an image; it is never written to. Resolves once QEMU runs and, with KVM, a kernel in it; a container is left to
 * Podman or Docker.
 * @throws {MachineError} when it can't be started
 */
export async function startMachine(image: ImageFile, options: StartOptions = {}): Promise<Machine> {
  const { signal, progress = () => undefined } = options;
  signal?.throwIfAborted();
  if (process.platform === 'win32')
    throw new MachineError('missing', sentence`Machines can’t be started on Windows yet, but in WSL.`);
  if (isContainer(image)) return await startContainer(image, options);
  const hardware = hardwareFor(image.targetFormat);
  if (hardware === undefined)
    throw new MachineError('input', sentence`There is no target format “${image.targetFormat}”.`);
  const memoryMb = memoryOf(image, options, hardware);
  await usedByOthers();
  const disks = isLive(image)
    ? { disks: [] }
    : await disksOf(image.path, {
        cacheDir: options.cacheDir ?? cacheFolder(),
        progress,
        ...(signal && { signal }),
      });
  const start = { image, options, hardware, memoryMb, disks };
  const accelerators =
    options.accelerator === undefined ? await acceleratorsHere() : ([options.accelerator] as const);
  for (const accelerator of accelerators) {
    progress(sentence`Starting the machine`);
    const machine = await attempt(start, accelerator, accelerator === accelerators.at(-1));
    if (machine !== undefined) return machine;
  }
  throw new Error('Unreachable: the last accelerator throws or gives a machine.');
}

function isLive({ targetFormat }: ImageFile): boolean {
  return targetFormat === 'ISO' || targetFormat === 'PXE';
}

function memoryOf(image: ImageFile, { memoryMb }: StartOptions, { leastMemoryMb = 0 }: Hardware): number {
  const memory = memoryMb ?? Math.max(image.memoryMb ?? usualMemoryMb, leastMemoryMb);
  const here = Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20);
  if (memory < here) return memory;
  throw new MachineError(
    'input',
    sentence`The machine asks for ${memory} MB of memory, and this computer has ${here}. Start it with less.`,
  );
}

/** Undefined where another accelerator is to be tried. */
async function attempt(
  start: Start,
  accelerator: Accelerator,
  isLast: boolean,
): Promise<QemuMachine | undefined> {
  const { image, options, memoryMb, hardware } = start;
  const { signal, ports = [] } = options;
  await using made = new AsyncDisposableStack();
  const folder = made.use(await makeMachineFolder(start.disks.uses));
  await makeOverlays(folder.path, start.disks.disks);
  const network =
    image.targetFormat === 'PXE' ? made.use(await serveNetworkBoot(image, folder.path)) : undefined;
  const screen = join(folder.path, 'screen');
  const key = await makeAccessKey(folder.path);
  const cds = [...(image.targetFormat === 'ISO' ? [image.path] : []), ...(options.cd ? [options.cd] : [])];
  const plan = {
    ...{ hardware, memoryMb, screen, cpus: image.cpus ?? usualCpus, cards: image.cards ?? 1 },
    disks: start.disks.disks.map((_disk, index) => overlayName(index)),
    cds: cds.map((cd) => resolve(cd)),
    ...(options.firmware === 'uefi' && { uefi: await ownUefi(folder.path) }),
    ...(network && { network }),
    smbios: [key?.smbios, options.cloud?.smbios].filter((each) => each !== undefined),
    ...(options.cloud && { metadataPort: options.cloud.metadataPort }),
  };
  const qemu = await spawnQemu(qemuArguments(plan, accelerator, descriptors), folder.path);
  const console = new StreamConsole(qemu.console);
  if (options.onText) console.onText(options.onText);
  const machine = new QemuMachine({
    ...{ image, accelerator, memoryMb, folder, screen, qemu, console },
    disks: start.disks.disks,
    ...(key && { keyFile: key.keyFile }),
    keepChanges: options.keepChanges ?? false,
    belongings: made.move(),
  });
  try {
    const runs = await qemu.qmp.ask('qmp_capabilities').then(
      () => true,
      () => false,
    );
    if (!runs && isLast) throw await whyNot(qemu, memoryMb);
    if (runs) {
      for (const { guest, host } of [{ guest: 22, host: undefined }, ...ports])
        await machine.forward(guest, host);
      await qemu.qmp.ask('cont');
      if (isLast || (await isProven(machine, qemu, signal))) return machine;
    }
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    signal?.throwIfAborted();
    throw error;
  }
  await machine[Symbol.asyncDispose]();
  return undefined;
}

async function ownUefi(folder: string): Promise<{ code: string; variables: string }> {
  const { code, variables } = await findUefi();
  const own = join(folder, 'uefi-variables');
  await copyFile(variables, own);
  return { code, variables: own };
}

/** Whether a kernel runs; where none speaks on the console, the processor is looked at. */
async function isProven(machine: QemuMachine, qemu: QemuProcess, signal?: AbortSignal): Promise<boolean> {
  try {
    await machine.console.until(saidByKernel, { timeoutMs: provenWithinMs, ...(signal && { signal }) });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof MachineError) || error.kind === 'ended') return false;
    return error.kind === 'hopeless' || runsKernel(await qemu.qmp.monitor('info registers').catch(() => ''));
  }
}

/** Why QEMU has ended before it listened. */
async function whyNot(qemu: QemuProcess, memoryMb: number): Promise<MachineError> {
  await qemu.closed;
  const said = qemu.said().trim();
  return /cannot allocate memory|cannot set up guest memory/i.test(said)
    ? new MachineError('input', sentence`This computer has no ${memoryMb} MB of memory left.`, said)
    : new MachineError('failed', sentence`QEMU does not start.`, said);
}
