import * as vscode from 'vscode';
import { parseApplianceUri, parseImageUri } from '../../uforge/uris.ts';
import type { Servers } from '../server/servers.ts';
import { messageOf } from '../../uforge/messageOf.ts';

const scheme = 'appliance-forge-answer';

/** The address of a document that shows what the server says about an object, as XML. */
export function answerUri(objectUri: string): vscode.Uri {
  const name = objectUri.split(/[?#]/)[0]?.replaceAll(/^\/+|\/+$/g, '') ?? '';
  return vscode.Uri.from({ scheme, path: `/${name}.xml` });
}

/** Appliances and images as the server has them, to read: where the links of a request lead to. */
export class ServerAnswers implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #servers: Servers;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  constructor(servers: Servers) {
    this.#servers = servers;
  }

  /** Never rejects: what goes wrong is what the document says. */
  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const objectUri = path.replace(/^\/|\.xml$/g, '');
    try {
      return await this.#read(objectUri);
    } catch (error) {
      return `<!-- ${vscode.l10n.t('{0} can’t be read: {1}', objectUri, messageOf(error)).replaceAll('--', '—')} -->\n`;
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #read(objectUri: string): Promise<string> {
    const client = await this.#servers.client(this.#servers.current);
    const { encodeXml } = await import('../../uforge/codec/codec.ts');
    const { formatXml } = await import('../../appliance/request/formatRequest.ts');
    const image = parseImageUri(objectUri);
    const appliance = parseApplianceUri(objectUri);
    if (image !== undefined) {
      // The key in the address of a download is a secret.
      const answer = await client.machineImage_get(image);
      const text = encodeXml('image', { ...answer, downloadKey: undefined, downloadUri: undefined });
      return formatXml(text, '  ') ?? text;
    }
    if (appliance === undefined) throw new Error(vscode.l10n.t('It is neither an appliance nor an image.'));
    const text = encodeXml('appliance', await client.appliance_get(appliance));
    return formatXml(text, '  ') ?? text;
  }
}
