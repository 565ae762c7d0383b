import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from '../../../src/forge/process/paths.ts';
import { Database } from '../../../src/forge/store/database.ts';
import { PublicationStore } from '../../../src/forge/store/publicationStore.ts';
import { TicketStore } from '../../../src/forge/store/ticketStore.ts';
import { UserStore } from '../../../src/forge/store/userStore.ts';
import { DeploymentStore } from '../../../src/forge/store/deploymentStore.ts';
import { ExportStore } from '../../../src/forge/store/exportStore.ts';
import { hashPassword } from '../../../src/forge/accounts/loginHashes.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { encodeJson } from '../../../src/uforge/codec/codec.ts';
import { leaveImage } from '../server/seeded.ts';
import { archive, element, importArchive, template, until, type TestForge } from '../server/support.ts';

/** One who may do nothing. */
export const bare = { login: 'bare', password: 'bare password' };

/** What a forge was left with: an image, its publication, deployment, files for the network and export, and a user. */
export async function leaveWorld(directory: string): Promise<void> {
  await leaveImage(directory, Buffer.from('the image'));
  const data = dataFolder(directory);
  await mkdir(data.imageFiles(1), { recursive: true });
  await writeFile(join(data.imageFiles(1), 'boot.ipxe'), '#!ipxe\nkernel vmlinuz\nboot\n');
  await writeFile(join(data.appliance(1, 1), 'template.yml'), template('left').content ?? '');
  using database = new Database(data.database);
  const ticket = new TicketStore(database, systemClock).get(1);
  assert.ok(ticket);
  const publications = new PublicationStore(database, systemClock);
  const request = encodeJson('publishImage', { $type: 'PublishImageOpenStack', name: 'left' });
  publications.finish(publications.create(1, ticket, { request, accountId: undefined }).id, 'Done', {
    cloudId: 'ami-1',
  });
  new DeploymentStore(database, systemClock).create({
    ownerId: 1,
    name: 'left',
    sourceUri: 'users/forge/appliances/1/images/1/pimages/1',
    state: 'on-fire',
    message: 'It burns.',
  });
  // The forge was killed in the middle of it.
  new ExportStore(database, systemClock).create(1, 'yaml', 'left.tar.gz');
  new UserStore(database, systemClock).create(bare.login, await hashPassword(bare.password), []);
}

/** What examples make for themselves, so that each call finds what it needs untouched. */
export class World {
  readonly forge: TestForge;
  readonly #made = new Map<string, Promise<number>>();
  readonly #registryPort: number;
  #names = 0;

  constructor(forge: TestForge, registryPort: number) {
    this.forge = forge;
    this.#registryPort = registryPort;
  }

  /** A name nothing has yet. */
  name(): string {
    return `new ${++this.#names}`;
  }

  /** What need not be made anew for each. */
  once(what: string, make: () => Promise<number>): Promise<number> {
    const made = this.#made.get(what) ?? make();
    this.#made.set(what, made);
    return made;
  }

  /** The answer's text. */
  async post(path: string, body: object): Promise<string> {
    const answer = await this.forge.call('POST', `/users/forge${path}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 201, `${path}: ${answer.text}`);
    return answer.text;
  }

  async upload(path: string, body: string | Uint8Array): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await this.forge.call('POST', `/users/forge${path}`, { headers, body });
    assert.equal(answer.status, 201, `${path}: ${answer.text}`);
  }

  /** Until the answer has that text. */
  async until(path: string, text: string): Promise<void> {
    await until(path, async () => (await this.forge.call('GET', `/users/forge${path}`)).text.includes(text));
  }

  async appliance(): Promise<number> {
    const { appliance } = await importArchive(this.forge, await archive(template(this.name())));
    return Number(appliance?.split('/').at(-1));
  }

  async import(): Promise<number> {
    return await this.#id('/imports');
  }

  async account(): Promise<number> {
    return await this.#id('/accounts', {
      credAccount: { '@xsi.type': 'CredAccountOpenStack', name: this.name(), password: 'hush' },
    });
  }

  /** Of a platform that answers. */
  async registryAccount(): Promise<number> {
    const endpointUrl = `http://127.0.0.1:${this.#registryPort}`;
    return await this.#id('/accounts', {
      credAccount: { '@xsi.type': 'CredAccountDocker', name: this.name(), endpointUrl },
    });
  }

  /** The name of an account that is there. */
  async takenAccount(): Promise<string> {
    const caid = await this.once('account', () => this.account());
    const { text } = await this.forge.call('GET', `/users/forge/accounts/${caid}`);
    return element(text, 'name') ?? '';
  }

  async software(): Promise<number> {
    return await this.#id('/mysoftware', { mySoftware: { name: this.name(), version: '1.0' } });
  }

  /** The name of software that is there, version 1.0. */
  async takenSoftware(): Promise<string> {
    const msid = await this.once('software', () => this.software());
    const { text } = await this.forge.call('GET', `/users/forge/mysoftware/${msid}`);
    return element(text, 'name') ?? '';
  }

  /** Software with a file whose bytes are there. */
  async artifact(): Promise<{ readonly msid: number; readonly said: number }> {
    const msid = await this.software();
    const list = `/mysoftware/${msid}/artifacts`;
    const said = await this.#id(list, { softwareArtifact: { name: 'a.txt', installLocation: '/opt' } });
    await this.upload(`${list}/${said}/bin/a.txt`, 'a');
    return { msid, said };
  }

  async softwareExport(): Promise<{ readonly msid: number; readonly eid: number }> {
    const { msid } = await this.artifact();
    const eid = await this.#id(`/mysoftware/${msid}/exports`);
    await this.until(`/mysoftware/${msid}/exports/${eid}/status`, '<complete>true</complete>');
    return { msid, eid };
  }

  async bundleImport(): Promise<number> {
    return await this.#id('/bundleimports');
  }

  async apiKey(): Promise<number> {
    return await this.#id('/apikeys', { apiKeyPair: {} });
  }

  async publication(): Promise<number> {
    return await this.#id('/appliances/1/images/1/pimages', {
      publishImage: { '@xsi.type': 'PublishImageAws', region: 'eu' },
    });
  }

  /** A ticket that was asked for and cancelled at once. */
  async cancelledImage(): Promise<{ readonly aid: number; readonly itid: number }> {
    const { aid, itid } = await this.runningImage();
    await this.forge.call('DELETE', `/users/forge/appliances/${aid}/images/${itid}/status`);
    return { aid, itid };
  }

  async runningImage(): Promise<{ readonly aid: number; readonly itid: number }> {
    const aid = await this.appliance();
    const itid = await this.#id(`/appliances/${aid}/images`, {
      image: { targetFormat: { name: 'QCOW2' }, simulated: true },
    });
    return { aid, itid };
  }

  async #id(path: string, body: object = {}): Promise<number> {
    return Number(element(await this.post(path, body), 'dbId'));
  }
}
