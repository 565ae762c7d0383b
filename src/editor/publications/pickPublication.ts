import * as vscode from 'vscode';
import type { Deployment, DeploymentStore } from '../../tickets/deployment.ts';
import type { Publication, PublicationStore } from '../../tickets/publication.ts';
import { applianceLabel } from '../../tickets/ticket.ts';
import type { Tracked, TrackedId } from '../../tickets/tracked.ts';
import type { TrackedStore } from '../../tickets/trackedStore.ts';
import { recordFor, recordIn, type Choice } from '../images/pickRecord.ts';
import { deploymentDescription } from './deploymentRow.ts';
import { publicationDescription, publicationLabel } from './publicationRow.ts';

/** The publications a command is meant for: the rows that are selected, else the one the person picks. */
export async function publicationsFor(
  args: readonly unknown[],
  store: PublicationStore,
  choice: Choice<Publication>,
): Promise<readonly Publication[]> {
  const several = selected(args, 'publication', store).filter((each) => choice.fits(each));
  if (several.length > 1) return several;
  const picked = await recordFor(recordIn(args[0], 'publication'), store, choice, {
    gone: vscode.l10n.t('This publication has been deleted.'),
    labelOf: (each) => `${applianceLabel(each)} · ${publicationLabel(each)}`,
    descriptionOf: publicationDescription,
  });
  return picked === undefined ? [] : [picked];
}

/** The deployments, likewise. */
export async function deploymentsFor(
  args: readonly unknown[],
  store: DeploymentStore,
  choice: Choice<Deployment>,
): Promise<readonly Deployment[]> {
  const several = selected(args, 'deployment', store).filter((each) => choice.fits(each));
  if (several.length > 1) return several;
  const picked = await recordFor(recordIn(args[0], 'deployment'), store, choice, {
    gone: vscode.l10n.t('This machine has been terminated.'),
    labelOf: ({ name }) => name,
    descriptionOf: deploymentDescription,
  });
  return picked === undefined ? [] : [picked];
}

function selected<T extends Tracked>(
  [, selection]: readonly unknown[],
  kind: 'publication' | 'deployment',
  store: TrackedStore<T>,
): readonly T[] {
  const rows: readonly unknown[] = Array.isArray(selection) ? selection : [];
  const named: readonly TrackedId[] = rows.flatMap((row) => recordIn(row, kind) ?? []);
  return named.flatMap((each) => store.get(each) ?? []);
}
