import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { isRemote } from '../../appliance/archive/layout.ts';
import { nearestTemplate, templateLanguageOf } from '../../appliance/find/definitions.ts';
import { parseTemplate } from '../../appliance/template/parseTemplate.ts';
import type { Bundle, BundleFile } from '../../appliance/template/model/template.ts';
import { isThere, readShown, templateLimit } from '../definitions/read.ts';

/** Where an image's firewall is opened (docs/formats.md): files of rules of its chain “input”. */
const rulesFolder = /^\/etc\/appliance-forge\/firewall\.d(?:\/input)?(?:\/|$)/;

/**
 * The TCP ports that a template opens in its firewall, by what is on the disk now. None where there is no template any
 * more, or one that can't be read: it is whoever generates from it that is told.
 * @param definition the URI of the file an image was generated from
 */
export async function openedPorts(definition: string | undefined): Promise<readonly number[]> {
  if (definition === undefined) return [];
  const { fsPath } = vscode.Uri.parse(definition);
  const exists = (path: string): Promise<boolean> => isThere(vscode.Uri.file(path));
  const file = templateLanguageOf(fsPath)
    ? fsPath
    : await nearestTemplate(fsPath, { exists, stopAt: templateLimit(fsPath) });
  const text = file && (await readShown(file).catch(() => undefined));
  if (!text) return [];
  const { stack } = parseTemplate(text, templateLanguageOf(file) ?? 'yaml').template ?? {};
  const inText = (stack?.installation?.files ?? []).filter(({ path }) => rulesFolder.test(path));
  const inBundles = (stack?.bundles ?? []).flatMap((bundle) => rulesOf(bundle, dirname(file)));
  const rules = [
    ...inText.map(({ content }) => content),
    ...(await Promise.all(inBundles.map((path) => readShown(path).catch(() => '')))),
  ];
  return [...new Set(rules.flatMap(portsIn))];
}

function rulesOf({ files, destination = '' }: Bundle, folder: string): readonly string[] {
  const isRule = (file: BundleFile): boolean =>
    file.source.endsWith('.nft') &&
    !isRemote(file.source) &&
    rulesFolder.test(file.destination ?? destination);
  return files.filter(isRule).map(({ source }) => resolve(folder, source));
}

/** `tcp dport 80 accept`, `tcp dport { 80, 443 } accept`. */
function portsIn(rules: string): readonly number[] {
  const accepted = rules.matchAll(/^[^#\n]*\btcp dport (\d+|\{[\d,\s]+\})[^#\n]*\baccept\b/gm);
  return Array.from(accepted, ([, ports = '']) => ports.match(/\d+/g) ?? [])
    .flat()
    .map(Number);
}
