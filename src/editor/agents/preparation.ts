import * as vscode from 'vscode';
import type { AgentHost } from '../../agents/host.ts';
import type { ToolName } from '../../agents/toolNames.ts';
import { applianceLabel, ticketKey } from '../../tickets/ticket.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** What is said, as text. */
export interface Preparation {
  readonly working: string;
  /** What the person is asked before. */
  readonly question?: { readonly title: string; readonly text: string };
}

/**
 * What the person sees while a tool works and, for what costs or destroys something, is asked before. Without
 * side effects, and content with whatever an agent passes: the arguments have not been checked yet.
 */
export function preparationOf(
  name: ToolName,
  input: Readonly<Record<string, unknown>>,
  host: AgentHost,
): Preparation {
  const text = (key: string): string => (typeof input[key] === 'string' ? input[key] : '');
  switch (name) {
    case 'check_definition':
      return { working: vscode.l10n.t('Checking {0}', text('file')) };
    case 'list_formats':
      return { working: vscode.l10n.t('Listing the target formats') };
    case 'search_packages':
      return { working: vscode.l10n.t('Searching packages: {0}', text('text')) };
    case 'list_images':
      return { working: vscode.l10n.t('Listing the images') };
    case 'follow_image':
      return { working: vscode.l10n.t('Waiting for {0}', imageIn(text('ticket'), host)) };
    case 'explain_failure':
      return {
        working: vscode.l10n.t('Reading why {0} failed', imageIn(text('ticket'), host)),
      };
    case 'start_image':
      return machine(
        vscode.l10n.t('Starting {0}', text('file')),
        vscode.l10n.t('Start Image'),
        vscode.l10n.t('Start {0} as a machine on this computer? It reaches the network.', text('file')),
      );
    case 'test_image':
      return machine(
        vscode.l10n.t('Testing {0}', text('file')),
        vscode.l10n.t('Test Image'),
        vscode.l10n.t(
          'Start {0} as a machine on this computer and test it? It reaches the network.',
          text('file'),
        ),
      );
    case 'run_in_machine':
      return machine(
        vscode.l10n.t('Running a command in {0}', text('machine')),
        vscode.l10n.t('Run in Machine'),
        vscode.l10n.t('Run this as root in the machine {0}? {1}', text('machine'), text('command')),
      );
    case 'stop_machine':
      return machine(
        vscode.l10n.t('Stopping {0}', text('machine')),
        vscode.l10n.t('Stop Machine'),
        vscode.l10n.t('Stop the machine {0}? What was written in it is gone.', text('machine')),
      );
    case 'generate_image':
      return generation(text('file'), text('target_format'), input['replace'] === true, host);
    case 'list_publications':
      return { working: vscode.l10n.t('Listing the publications') };
    case 'publish_image': {
      const image = imageIn(text('ticket'), host);
      const account = text('account');
      const question =
        account === ''
          ? vscode.l10n.t('Publish {0}? It is uploaded to its platform, which may cost money.', image)
          : vscode.l10n.t(
              'Publish {0} with the cloud account {1}? It is uploaded to its platform, which may cost money.',
              image,
              account,
            );
      return {
        working: vscode.l10n.t('Publishing {0}', image),
        question: {
          title: vscode.l10n.t('Publish Image'),
          // One of them makes the image everybody's.
          text: [question, ...namedIn(input['values'])].join(' '),
        },
      };
    }
    case 'cancel_image': {
      const image = imageIn(text('ticket'), host);
      return {
        working: vscode.l10n.t('Cancelling {0}', image),
        question: {
          title: vscode.l10n.t('Cancel Image'),
          text: vscode.l10n.t('Stop generating {0}? What was built so far is lost.', image),
        },
      };
    }
  }
}

/** `publicImage: true` */
function namedIn(values: unknown): readonly string[] {
  if (!isRecord(values)) return [];
  const said = Object.entries(values).map(([name, value]) => `${name}: ${String(value)}`);
  return said.length === 0 ? [] : [`(${said.join(', ')})`];
}

function machine(working: string, title: string, question: string): Preparation {
  return { working, question: { title, text: question } };
}

function generation(file: string, format: string, replace: boolean, host: AgentHost): Preparation {
  const server = serverLabel(host);
  const question =
    format === ''
      ? vscode.l10n.t('Build an image from {0} on {1}?', file, server)
      : vscode.l10n.t('Build an image from {0} for {1} on {2}?', file, format, server);
  const replaced = vscode.l10n.t(
    'An appliance of the same name and version that was not pushed from here is replaced.',
  );
  return {
    working: vscode.l10n.t('Requesting an image from {0}', file),
    question: {
      title: vscode.l10n.t('Generate Image'),
      text: replace ? `${question} ${replaced}` : question,
    },
  };
}

function serverLabel(host: AgentHost): string {
  try {
    return host.label(host.server());
  } catch (error) {
    return messageOf(error);
  }
}

/** `nginx 1.0 for QCOW2`, or the name the agent used when there is no such ticket. */
function imageIn(name: string, { store }: AgentHost): string {
  const ticket = store.all().find((each) => name === each.uri || name === ticketKey(each));
  if (ticket === undefined) return name;
  return vscode.l10n.t('{0} for {1}', applianceLabel(ticket), ticket.targetFormat);
}
