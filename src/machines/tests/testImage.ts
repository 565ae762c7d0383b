import type { Template, Test } from '../../appliance/template/model/template.ts';
import type { Sentence } from '../../uforge/language/sentence.ts';
import type { ImageFile } from '../model.ts';
import type { Login } from '../shell/guestShell.ts';
import { startMachine } from '../startMachine.ts';
import { portOf } from './network.ts';
import { runTests, type TestOptions, type TestRun } from './runTests.ts';

export interface ImageTestOptions extends Omit<TestOptions, 'login'> {
  /** Of the template: all unless told. */
  readonly tests?: readonly Test[];
  readonly progress?: (message: Sentence) => void;
}

/**
 * Starts an image, looks at what its template says a good one does, and ends the machine.
 * @throws {MachineError} when it can't be started, or the signal's reason
 */
export async function testImage(
  image: ImageFile,
  template: Template,
  { tests = template.tests ?? [], progress, ...options }: ImageTestOptions,
): Promise<TestRun> {
  const { signal } = options;
  await using machine = await startMachine(image, {
    ports: portsOf(tests).map((guest) => ({ guest })),
    ...(progress && { progress }),
    ...(signal && { signal }),
  });
  return await runTests(machine, tests, { ...options, login: loginOf(template) });
}

/** What is asked from outside, besides SSH, which always has a port: a container's have to be chosen when it is started. */
function portsOf(tests: readonly Test[]): readonly number[] {
  const ports = tests.flatMap(({ port, http }) => [
    ...(port === undefined ? [] : [port]),
    ...(http === undefined ? [] : [portOf(new URL(http))]),
  ]);
  return [...new Set(ports)].filter((port) => port !== 22);
}

/** The image of a template for one of its formats, with the hardware that its builder names. */
export function imageOf(template: Template, path: string, targetFormat: string): ImageFile {
  const { cpus, nics = [] } = template.stack.installation ?? {};
  const memoryMb = template.builders?.find(({ type }) => type === targetFormat)?.hardwareSettings?.memory;
  return {
    ...{ path, targetFormat },
    ...(memoryMb !== undefined && { memoryMb }),
    ...(cpus !== undefined && { cpus }),
    ...(nics.length > 1 && { cards: nics.length }),
  };
}

/** Root, where the template has a password that can be read. */
export function loginOf({ stack }: Template): Login | undefined {
  const { password, encrypted, setPassword, disablePasswordLogin } = stack.installation?.rootUser ?? {};
  const isClosed = encrypted === true || setPassword === false || disablePasswordLogin === true;
  return password === undefined || isClosed ? undefined : { user: 'root', password };
}
