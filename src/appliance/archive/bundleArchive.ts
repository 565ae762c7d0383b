import {
  printTemplate,
  type Bundle,
  type Template,
  type TemplateLanguage,
} from '../template/model/template.ts';
import type { ArchiveKind } from './unpackTemplate.ts';

/** A bundle alone, as hammr packs one (`bundle create`), is unpacked as the template of a stack with nothing else. */
export const bundleArchive: ArchiveKind = {
  names: ['bundle.yml', 'bundle.yaml', 'bundle.json'],
  asTemplate: (text, language) => (language === 'json' ? aroundJson(text) : aroundYaml(text)),
  finished: ({ stack }, language) => {
    const [bundle] = stack.bundles ?? [];
    return bundle === undefined ? '' : printTemplate(templateOfBundle(bundle), language);
  },
};

/** No system is made of it alone; a template needs one. */
const os = { name: 'Debian', version: '12', arch: 'x86_64' };

/** The template that a bundle is kept as. */
export function templateOfBundle(bundle: Bundle): Template {
  return { stack: { name: bundle.name, version: bundle.version, os, bundles: [bundle] } };
}

/** The bundle's own text, which is what makes that template when it is unpacked. */
export function printBundle({ stack }: Template, language: TemplateLanguage): string {
  const bundle = stack.bundles?.[0];
  return bundle === undefined ? '' : printTemplate(bundle as unknown as Template, language);
}

const before = `{"stack":{"name":"bundle","version":"1","os":${JSON.stringify(os)},"bundles":[`;

function aroundJson(text: string): string {
  return `${before}${text.replace(/^\uFEFF/, '').trimEnd()}]}}`;
}

function aroundYaml(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const start = lines.findIndex((line) => /^---\s*$/.test(line)) + 1;
  const head = `stack:\n  name: bundle\n  version: '1'\n  os: ${JSON.stringify(os)}\n  bundles:\n    -\n`;
  const indented = lines.slice(start).map((line) => (line.trim() === '' ? line : `      ${line}`));
  return head + indented.join('\n');
}
