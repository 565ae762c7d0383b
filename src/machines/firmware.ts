import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRecord } from '../uforge/isRecord.ts';
import { sentence } from '../uforge/language/sentence.ts';
import { MachineError } from './machineError.ts';
import { installCommand } from './program.ts';

export interface Uefi {
  readonly code: string;
  /** What a machine's own variables begin as. */
  readonly variables: string;
}

/**
 * The firmware of UEFI without Secure Boot, as the system describes it to whoever starts QEMU (docs/interop/firmware.json).
 * @throws {MachineError} when there is none
 */
export async function findUefi(): Promise<Uefi> {
  for (const folder of folders()) {
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      const found = uefiIn(await readFile(join(folder, name), 'utf8').catch(() => ''));
      if (found !== undefined) return found;
    }
  }
  const install = await installCommand();
  throw new MachineError(
    'missing',
    sentence`This computer has no UEFI firmware for QEMU. This installs it: ${install}`,
  );
}

/** The system's first, then those beside each `bin` of the PATH: Homebrew has a prefix of its own. */
function folders(): readonly string[] {
  const beside = (process.env['PATH'] ?? '').split(':').map((bin) => join(dirname(bin), 'share'));
  return ['/etc', '/usr/share', '/usr/local/share', ...beside].map((each) => join(each, 'qemu', 'firmware'));
}

function uefiIn(text: string): Uefi | undefined {
  const { features, targets, mapping } = parsed(text);
  if (!Array.isArray(features) || features.some((each) => /secure-boot|smm|nvram/.test(String(each)))) {
    return undefined;
  }
  if (!isRecord(mapping) || mapping['device'] !== 'flash' || !JSON.stringify(targets).includes('"x86_64"')) {
    return undefined;
  }
  const code = isRecord(mapping['executable']) ? mapping['executable']['filename'] : undefined;
  const variables = isRecord(mapping['nvram-template']) ? mapping['nvram-template']['filename'] : undefined;
  return typeof code === 'string' && typeof variables === 'string' ? { code, variables } : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
