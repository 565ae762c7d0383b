import { basename } from 'node:path';
import { sentence } from '../uforge/language/sentence.ts';
import { messageOf } from '../uforge/messageOf.ts';
import { MachineError } from './machineError.ts';
import type { ImageFile } from './model.ts';
import { output } from './program.ts';

/** Both understand the same words. */
const engines = ['podman', 'docker'] as const;
export type Engine = (typeof engines)[number];

/** @throws {MachineError} when none works here, with what each says */
export async function findEngine({ targetFormat }: ImageFile, signal?: AbortSignal): Promise<Engine> {
  const said: string[] = [];
  for (const engine of engines) {
    try {
      await output(engine, ['info'], { ...(signal && { signal }) });
      return engine;
    } catch (error) {
      signal?.throwIfAborted();
      said.push(messageOf(error));
    }
  }
  const detail = said.join('\n');
  throw new MachineError(
    'missing',
    sentence`${targetFormat} makes containers: Podman or Docker starts them, and neither works on this computer.`,
    detail,
  );
}

/** An image that an engine has taken in. */
export interface LoadedImage {
  readonly id: string;
  /** What it starts where the image does not say. */
  readonly command: readonly string[];
  /** It was not there before: whoever loaded it removes it. */
  readonly isNew: boolean;
}

/** @throws {MachineError} for what no engine takes */
export async function loadImage(
  engine: Engine,
  image: ImageFile,
  signal?: AbortSignal,
): Promise<LoadedImage> {
  const { path, targetFormat } = image;
  if (targetFormat === 'LXC Container')
    throw new MachineError('input', sentence`Images for LXC are started by LXC, LXD and Incus, not here.`);
  const ask = (...args: readonly string[]): Promise<string> =>
    output(engine, args, { ...(signal && { signal }) });
  try {
    const before = await ask('images', '--quiet', '--no-trunc');
    const isRoot = targetFormat === 'tar.gz';
    const said = isRoot ? await ask('import', path) : await ask('load', '--input', path);
    const name = isRoot ? said.trim().split('\n').at(-1) : /^Loaded image(?: ID)?: (.+)$/m.exec(said)?.[1];
    const id = (await ask('image', 'inspect', '--format', '{{.Id}}', name ?? '')).trim();
    return { id, command: isRoot ? ['/bin/sh'] : [], isNew: !before.includes(id) };
  } catch (error) {
    signal?.throwIfAborted();
    throw new MachineError('input', sentence`${engine} can’t read ${basename(path)}.`, messageOf(error));
  }
}
