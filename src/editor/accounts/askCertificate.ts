import * as vscode from 'vscode';
import type { ServerCertificate } from '../../uforge/transport/certificate.ts';
import { askModal } from '../messages.ts';

/** What a person makes of a certificate nobody vouches for. */
export type Judgement =
  { readonly kind: 'trust' } | { readonly kind: 'caFile'; readonly path: string } | undefined;

/** Shows the certificate and asks: trust this one, name its authority, or leave it. */
export async function askCertificate(host: string, certificate: ServerCertificate): Promise<Judgement> {
  const trust = vscode.l10n.t('Trust This Certificate');
  const chooseCa = vscode.l10n.t('Choose CA File…');
  const { subject, issuer, validTo, fingerprint } = certificate;
  const detail = [
    vscode.l10n.t('Subject: {0}', subject),
    issuer === subject ? vscode.l10n.t('Self-signed') : vscode.l10n.t('Issuer: {0}', issuer),
    vscode.l10n.t('Valid until: {0}', validTo.toLocaleDateString(vscode.env.language)),
    '',
    vscode.l10n.t('SHA-256 fingerprint:'),
    inLines(fingerprint),
    '',
    vscode.l10n.t(
      'Compare the fingerprint with what the server’s administrator gives you. Only this certificate will be accepted from then on, for this server only.',
    ),
  ].join('\n');
  const question = vscode.l10n.t('Nobody this computer trusts vouches for the certificate of {0}.', host);
  const answer = await askModal(question, detail, trust, chooseCa);
  if (answer === trust) return { kind: 'trust' };
  if (answer !== chooseCa) return undefined;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Certificate authority of {0}', host),
      openLabel: vscode.l10n.t('Trust'),
      filters: { PEM: ['pem', 'crt', 'cer'], '*': ['*'] },
    })) ?? [];
  return file === undefined ? undefined : { kind: 'caFile', path: file.fsPath };
}

/** 32 pairs in two lines. */
function inLines(fingerprint: string): string {
  const pairs = fingerprint.split(':');
  return `${pairs.slice(0, 16).join(':')}\n${pairs.slice(16).join(':')}`;
}
