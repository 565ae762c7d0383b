import { typeInfo } from '../uforge/schema/table.ts';
import type { Fix, Problem } from './problem.ts';
import { closest, didYouMean } from './suggest.ts';
import type { BundleFile, Installation, Template } from './template.ts';
import type { ReadTemplate, TemplatePath } from './templateReader.ts';
import { named } from './templateReader.ts';

/** What the table of the language can't say: rules between fields. Source: hammr 3.8.13, templates-spec. */
export function checkTemplateRules(
  template: Template,
  { rangeAt, additionAt }: Pick<ReadTemplate, 'rangeAt' | 'additionAt'>,
): Problem[] {
  const problems: Problem[] = [];
  const add = (
    severity: Problem['severity'],
    path: TemplatePath,
    message: string,
    code: string,
    fix?: Fix,
  ): void => {
    problems.push({ severity, message, code, range: rangeAt(path), ...(fix && { fixes: [fix] }) });
  };
  const { stack } = template;

  for (const [key, value] of [
    ['name', stack.name],
    ['version', stack.version],
  ] as const) {
    if (value.trim() === '') add('error', ['stack', key], `stack.${key} is empty. Give it a value.`, 'empty');
  }
  if (stack.os.profile === undefined) {
    add(
      'warning',
      ['stack', 'os'],
      'stack.os has no “profile”: UForge needs one to install an OS.',
      'missing-profile',
      additionAt(['stack', 'os'], 'profile'),
    );
  }
  stack.os.pkgs?.forEach((pkg, index) => {
    if (pkg.name === undefined && pkg.fullName === undefined) {
      const path = ['stack', 'os', 'pkgs', index];
      add(
        'error',
        path,
        `${named(path)} has neither “name” nor “fullName”. Add one.`,
        'missing-key',
        additionAt(path, 'name'),
      );
    }
  });

  const installation = stack.installation;
  if (installation?.partitioning !== undefined && installation.diskSize !== undefined) {
    const message = 'stack.installation.diskSize is ignored because there is a partitioning.';
    add('warning', ['stack', 'installation', 'diskSize'], message, 'ignored');
  }
  if (installation?.rootUser?.setPassword === true && installation.rootUser.password === undefined) {
    const path = ['stack', 'installation', 'rootUser'];
    add(
      'error',
      path,
      'rootUser.setPassword is true, but there is no “password”. Add one.',
      'missing-key',
      additionAt(path, 'password'),
    );
  }

  if (installation !== undefined) checkInstallation(installation, add, rangeAt);

  duplicates(
    stack.config ?? [],
    (script) => script.name,
    (index) => {
      const path = ['stack', 'config', index, 'name'];
      add('error', path, `${named(path)} is used twice. Rename one of the two.`, 'duplicate');
    },
  );
  duplicates(
    stack.bundles ?? [],
    (bundle) => `${bundle.name} ${bundle.version}`,
    (index) => {
      const path = ['stack', 'bundles', index, 'name'];
      add(
        'error',
        path,
        `${named(path)} is used twice with the same version. Rename one of the two.`,
        'duplicate',
      );
    },
  );
  stack.bundles?.forEach((bundle, index) => {
    eachFile(bundle.files, ['stack', 'bundles', index, 'files'], (file, path) => {
      if (file.tag === 'bootscript' && file.bootType === undefined) {
        const message = `${named(path)} is a bootscript without “bootType”. Add firstboot or everyboot.`;
        add('error', path, message, 'missing-key', additionAt(path, 'bootType'));
      }
      if (file.install === true && file.extract === true) {
        add(
          'error',
          path,
          `${named(path)} can't have both “install” and “extract”. Remove one.`,
          'exclusive',
        );
      }
    });
  });
  return problems;
}

type Add = (
  severity: Problem['severity'],
  path: TemplatePath,
  message: string,
  code: string,
  fix?: Fix,
) => void;

/** Smallest partition there can be, in MB. */
const smallestPartition = 64;

function checkInstallation(installation: Installation, add: Add, rangeAt: ReadTemplate['rangeAt']): void {
  const base: TemplatePath = ['stack', 'installation'];
  /** The server's own list, compared as hammr does: without regard to case. */
  const oneOf = (
    value: string | undefined,
    path: TemplatePath,
    type: 'InstallProfile' | 'Partition' | 'Disk',
    field: string,
  ): void => {
    const spec = typeInfo(type).fields.get(field);
    const values = spec?.kind === 'scalar' ? (spec.values ?? []) : [];
    if (value === undefined || values.some((each) => each.toLowerCase() === value.toLowerCase())) return;
    const suggestion = closest(value, values);
    const message = `“${value}” is no ${field} UForge knows.${didYouMean(suggestion)}`;
    const fix = suggestion && {
      title: `Replace with “${suggestion}”`,
      edits: [{ range: rangeAt(path), newText: suggestion }],
    };
    add('warning', path, message, 'bad-value', fix === '' ? undefined : fix);
  };
  oneOf(installation.keyboard, [...base, 'keyboard'], 'InstallProfile', 'keyboard');
  installation.partitioning?.disks?.forEach((disk, index) => {
    const path = [...base, 'partitioning', 'disks', index];
    oneOf(disk.name, [...path, 'name'], 'Disk', 'name');
    const partitions = disk.partitions ?? [];
    if (partitions.length > 4) {
      const message = `A disk has four primary partitions at most, and ${disk.name} has ${partitions.length}. Make one “Extended” and put the others inside.`;
      add('error', [...path, 'partitions'], message, 'too-many-partitions');
    }
    if (partitions.filter(({ fstype }) => fstype?.toLowerCase() === 'extended').length > 1) {
      add(
        'error',
        [...path, 'partitions'],
        `Only one partition of ${disk.name} may be “Extended”.`,
        'too-many-partitions',
      );
    }
    partitions.forEach((partition, number) => {
      const at = [...path, 'partitions', number];
      oneOf(partition.fstype, [...at, 'fstype'], 'Partition', 'fstype');
      if (partition.size < smallestPartition) {
        const message = `A partition has at least ${smallestPartition} MB, not ${partition.size}.`;
        add('error', [...at, 'size'], message, 'bad-value');
      }
    });
  });
}

function eachFile(
  files: readonly BundleFile[],
  path: TemplatePath,
  visit: (file: BundleFile, path: TemplatePath) => void,
): void {
  files.forEach((file, index) => {
    visit(file, [...path, index]);
    if (file.files !== undefined) eachFile(file.files, [...path, index, 'files'], visit);
  });
}

function duplicates<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  found: (index: number) => void,
): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (seen.has(key)) found(index);
    seen.add(key);
  });
}
