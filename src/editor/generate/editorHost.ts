import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { definitionKindByExtension } from '../../appliance/find/definitions.ts';
import { requestFromTemplate, targetFormatsOf } from '../../appliance/request/fromTemplate.ts';
import { DefinitionError } from '../../appliance/text/definitionError.ts';
import { told } from '../../appliance/text/problem.ts';
import type { GenerateHost, GenerateStep } from '../../generate/host.ts';
import { sourceFetcher } from '../../generate/fetchSource.ts';
import { NotAnImage, read } from '../../generate/read.ts';
import { request, targetFormatsOn } from '../../generate/request.ts';
import { pack, resolve } from '../../generate/resolve.ts';
import { push } from '../../generate/push.ts';
import { readTemplate } from '../../appliance/archive/packTemplate.ts';
import type { Appliance } from '../../uforge/dto.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { ActionableError, runs } from '../errors.ts';
import { confirmed, warn } from '../messages.ts';
import type { Step } from '../progress.ts';
import { withinQuota } from './quota.ts';
import { proxySettings } from '../server/proxySettings.ts';
import type { Servers } from '../server/servers.ts';
import type { DefinitionDiagnostics } from '../definitions/diagnostics.ts';
import { mayPackOutside } from './outsideQuestion.ts';
import { pickAppliance } from './pickAppliance.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import { pickFormats } from './pickFormats.ts';
import { assertSendable, nameOf, readShown, saveBelow, templateLimit } from '../definitions/read.ts';

// The way itself: commands load all of it with the first image.
export { pack, push, read, readTemplate, request, resolve };

export interface EditorHostOptions {
  readonly servers: Servers;
  readonly picked: RememberedTexts;
  readonly diagnostics: DefinitionDiagnostics;
  /** As tickets carry it. */
  readonly server: string;
  /** Take all builders of a template, and ask only when it has none. */
  readonly all?: boolean;
  readonly signal?: AbortSignal;
  readonly report?: (step: Step) => void;
}

/**
 * The person decides: each question has its own window. A no is no failure: it ends the command as Cancel
 * does.
 */
export function editorHost(options: EditorHostOptions): GenerateHost {
  const { servers, picked, server, all = false, signal, report } = options;
  const label = servers.label(server);
  return {
    async read(file) {
      if (definitionKindByExtension(file) === 'template') await saveBelow(dirname(file));
      return readShown(file);
    },
    stopAt: templateLimit,
    workingFolder: templateLimit,
    async imagesOf(template) {
      const own = targetFormatsOf(template);
      const asks = own.length === 0 || (own.length > 1 && !all);
      const known = async (): Promise<readonly string[]> => targetFormatsOn(await servers.client(server));
      const formats = asks ? await pickFormats(template.stack, own.length > 0 ? own : known()) : own;
      return formats.map((format) => requestFromTemplate(template, format));
    },
    pickAppliance: async (file) =>
      pickAppliance(vscode.Uri.file(file), {
        client: await servers.client(server, signal),
        label,
        picked,
        server,
        signal,
      }),
    mayPackOutside: (outside) => mayPackOutside(outside, label),
    // In Restricted Mode nothing that a template names is asked for.
    fetchSource: vscode.workspace.isTrusted
      ? sourceFetcher({ proxy: (url) => proxySettings(url).proxy })
      : undefined,
    mayReplace: (existing) => mayReplace(existing, label),
    mayRequest: (images, client) =>
      withinQuota(client, label, images.filter(({ simulated }) => simulated !== true).length, signal),
    onStep(step) {
      if (step.kind === 'leftOut') {
        const [file, keys] = [nameOf(vscode.Uri.file(step.file)), step.keys.join(', ')];
        void warn(
          vscode.l10n.t('{0} does not know some keys of {1}, which are left out: {2}', label, file, keys),
        );
      }
      const told = stepOf(step);
      if (told !== undefined) report?.(told);
    },
  };
}

/** Errors of a definition as a person is told them; problems that only packing finds go to the panel, too. */
export async function explained(error: unknown, packing?: DefinitionDiagnostics): Promise<unknown> {
  if (error instanceof NotAnImage) {
    const { file, root } = error;
    const name = nameOf(vscode.Uri.file(file));
    return new ActionableError(
      vscode.l10n.t('{0} holds “{1}”. Generate Image needs an “image”.', name, root),
      root === 'publishImage' ? [runs(vscode.l10n.t('Publish…'), 'publishImage', vscode.Uri.file(file))] : [],
    );
  }
  if (!(error instanceof DefinitionError)) return error;
  const uri = vscode.Uri.file(error.file);
  const problems = told(error.findings, await displayLanguage());
  packing?.publish(uri, problems);
  try {
    assertSendable(uri, problems);
  } catch (sendable) {
    return sendable;
  }
  return error;
}

function stepOf(step: GenerateStep): Step | undefined {
  switch (step.kind) {
    case 'packing':
      return { message: vscode.l10n.t('packing the template') };
    case 'pushing':
      return { message: step.message, fraction: step.percentage / 100 };
    case 'requesting':
      return { message: vscode.l10n.t('sending the request') };
    case 'pushed':
    case 'leftOut':
      return undefined;
  }
}

async function mayReplace({ name, version, revision }: Appliance, server: string): Promise<boolean> {
  const agreed = await confirmed(
    vscode.l10n.t('Replace the appliance {0} {1} on {2}?', name ?? '', version ?? '', server),
    vscode.l10n.t(
      'It was not pushed from here (revision {0}). Its content is replaced by the template’s; its images stay.',
      revision ?? 0,
    ),
    vscode.l10n.t('Replace'),
  );
  if (!agreed) throw new vscode.CancellationError();
  return true;
}
