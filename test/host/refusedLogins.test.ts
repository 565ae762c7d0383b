import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { localServer } from '../../src/tickets/clients.ts';
import { ServerHealth } from '../../src/editor/server/health.ts';
import { RefusedLogins } from '../../src/editor/accounts/refusedLogins.ts';
import { UForgeError } from '../../src/uforge/errors.ts';
import { ManualClock } from '../unit/tickets/support.ts';

describe('a server that refuses credentials it took before', () => {
  const [one, two] = ['https://one.example.com/api', 'https://two.example.com/api'] as const;
  const refused = new UForgeError('authentication', 'The login is wrong.');
  let asked: string[];
  let health: ServerHealth;
  let serversChanged: vscode.EventEmitter<void>;
  let subject: RefusedLogins;

  beforeEach(() => {
    asked = [];
    health = new ServerHealth(new ManualClock());
    serversChanged = new vscode.EventEmitter();
    subject = new RefusedLogins(health, { onDidChange: serversChanged.event }, (server) =>
      asked.push(server),
    );
  });
  afterEach(() => {
    subject.dispose();
    serversChanged.dispose();
    health[Symbol.dispose]();
  });

  it('leads to one question, however many requests it refuses', () => {
    for (let request = 0; request < 20; request++) health.failed(one, refused);
    health.failed(two, refused);
    health.failed(one, refused);
    assert.deepEqual(asked, [one, two]);
  });

  it('leads to another one only after somebody has signed in', () => {
    health.failed(one, refused);
    health.answered(one);
    health.failed(one, refused);
    assert.deepEqual(asked, [one]);
    serversChanged.fire();
    health.failed(one, refused);
    assert.deepEqual(asked, [one, one]);
  });

  it('is another thing than one that does not answer, and than the local forge', () => {
    health.failed(one, new UForgeError('network', 'The server is away.'));
    health.failed(localServer, refused);
    assert.deepEqual(asked, []);
  });
});
