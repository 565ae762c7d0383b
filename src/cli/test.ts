import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { targetFormatNamed } from '../appliance/catalog/targetFormats.ts';
import { readDefinition } from '../appliance/find/readRegularFile.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { testedTemplate, type TestedTemplate } from '../generate/testedTemplate.ts';
import { imageFileAt, imageOf, isGood, junitOf, testImage, type TestRun } from '../machines/index.ts';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import type { TestArguments } from './arguments.ts';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { lastFolder } from './lastFolder.ts';
import type { FinishedImage, Reporter } from './reporter.ts';

/**
 * Tests an image that is there.
 * @throws {Failure} where it is no good; whatever keeps it from being started
 */
export async function test(
  { image, template, format, junit }: TestArguments,
  environment: Environment,
  reporter: Reporter,
): Promise<FinishedImage> {
  const path = resolve(image);
  const tested = await testedTemplate(template === undefined ? path : resolve(template), {
    read: readDefinition,
    stopAt: lastFolder,
  });
  await testTold({ path, format: await formatOf(path, format) }, tested, junit, environment, reporter);
  return { path };
}

async function formatOf(path: string, named: string | undefined): Promise<string> {
  if (named === undefined) return (await imageFileAt(path)).targetFormat;
  const known = targetFormatNamed(named);
  if (known === undefined)
    throw new Failure(exitCodes.input, `There is no target format “${named}”. Write VirtualBox or QCOW2.`);
  return known.name;
}

/** Tests an image and tells how each check goes. @throws {Failure} where one has not passed */
export async function testTold(
  { path, format }: { readonly path: string; readonly format: string },
  { file, template, tests }: TestedTemplate,
  junit: string | undefined,
  { clock, signal }: Environment,
  reporter: Reporter,
): Promise<void> {
  reporter.note(`Testing ${path} with the ${tests.length} checks of ${file}`);
  const startedAt = clock.now();
  const run = await testImage(imageOf(template, path, format), template, {
    ...{ clock, signal },
    progress: (message) => reporter.note(message.toString()),
    onOutcome: (outcome) => reporter.outcome(outcome, tests.length),
  });
  if (junit !== undefined) {
    const { name, version } = template.stack;
    await writeJunit(
      resolve(junit),
      junitOf({ name: `${name} ${version} for ${format}`, startedAt }, run.outcomes),
    );
  }
  if (!isGood(run.outcomes)) throw failureOf(run);
  reporter.note(`${tests.length} of ${tests.length} checks passed.`);
}

function failureOf({ outcomes, lost }: TestRun): Failure {
  const passed = outcomes.filter(({ state }) => state === 'passed').length;
  const message = `${passed} of ${outcomes.length} checks passed.`;
  if (lost === undefined) return new Failure(exitCodes.failed, message);
  return new Failure(exitCodes.machine, `${message} ${lost.message}`, lost.detail);
}

async function writeJunit(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, text);
  } catch (error) {
    throw new Failure(exitCodes.input, `${path} can’t be written.`, String(error));
  }
}
