import assert from 'node:assert/strict';
import {
  deploymentNotification,
  publicationNotification,
} from '../../src/editor/publications/publishedNotification.ts';
import type { Deployment } from '../../src/tickets/deployment.ts';
import type { Publication } from '../../src/tickets/publication.ts';

const published: Publication = {
  server: 'http://uforge.example.com/api',
  uid: 'ann',
  uri: 'users/ann/appliances/1/images/2/pimages/7',
  aid: '1',
  itid: '2',
  pitid: '7',
  applianceUri: 'users/ann/appliances/1',
  applianceName: 'nginx',
  applianceVersion: '1.0',
  targetFormat: 'Amazon AWS',
  type: 'PublishImageAws',
  account: 'shop',
  state: 'done',
  percentage: 100,
  message: 'Done',
  cloudId: 'ami-1',
  created: '2026-01-01T00:00:00.000Z',
  changed: '2026-01-01T00:00:00.000Z',
};
const buttons = ({ actions }: { readonly actions: readonly { readonly title: string }[] }) =>
  actions.map(({ title }) => title);

describe('what is told of publications and deployments', () => {
  it('names the image at the platform, and offers to make a machine of it where there are machines', () => {
    const told = publicationNotification([published]);
    assert.equal(told.message, 'nginx 1.0 is published to Amazon · shop as ami-1.');
    assert.deepEqual(buttons(told), ['Deploy…', 'Copy Cloud ID', 'Show']);
    const tag = { ...published, type: 'PublishImageDocker', cloudId: 'shop/nginx:1.0' };
    assert.deepEqual(buttons(publicationNotification([tag])), ['Copy Cloud ID', 'Show']);
  });

  it('says why one failed, and of several how many', () => {
    const failed: Publication = { ...published, state: 'failed', errorMessage: 'No room there.' };
    const told = publicationNotification([failed]);
    assert.deepEqual(
      [told.severity, told.message],
      ['error', 'Publishing nginx 1.0 to Amazon · shop failed: No room there.'],
    );
    assert.deepEqual(buttons(told), ['Try Again', 'Show']);
    assert.equal(
      publicationNotification([published, failed]).message,
      '1 of 2 publications failed: Amazon · shop. The first: No room there.',
    );
  });

  it('says where a machine answers, and why another does not run', () => {
    const { server, uid, created, changed } = published;
    const machine: Deployment = {
      ...{ server, uid, created, changed, uri: 'users/ann/deployments/d1', did: 'd1', name: 'web' },
      ...{ source: published.uri, state: 'done', percentage: 100, message: 'running', address: '192.0.2.7' },
    };
    const told = deploymentNotification([machine]);
    assert.equal(told.message, 'web (192.0.2.7) runs.');
    assert.deepEqual(buttons(told), ['Connect with SSH', 'Show']);
    const burns: Deployment = { ...machine, state: 'failed', message: 'on-fire', errorMessage: 'No flavor.' };
    assert.equal(deploymentNotification([burns]).message, 'web does not run: No flavor.');
  });
});
