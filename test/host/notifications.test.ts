import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { NotificationText } from '../../src/editor/images/notifications/notificationText.ts';
import { notificationOf } from '../../src/editor/images/notifications/notificationText.ts';
import { Notifications } from '../../src/editor/images/notifications/notifications.ts';
import type { TicketState } from '../../src/tickets/state.ts';
import type { TicketStore } from '../../src/tickets/store.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';
import type { ErrorReporter } from '../../src/editor/errors.ts';
import { ManualClock, memoryStore, ticket } from '../unit/tickets/support.ts';
import { until } from './support.ts';

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('applianceForge');

describe('a notification', () => {
  let folder: string;
  let clock: ManualClock;
  let store: TicketStore;
  let told: NotificationText[];
  let looking: boolean;
  let windows: Notifications<Ticket>[];

  const open = (): Notifications<Ticket> =>
    new Notifications({
      store,
      describe: notificationOf,
      storage: vscode.Uri.file(folder),
      clock,
      errors: { note: (what: string) => assert.fail(what) } as unknown as ErrorReporter,
      isLooking: () => looking,
      tell: (news) => Promise.resolve(void told.push(news)),
    });
  const images = ['nginx', 'minimal', 'router'].map((applianceName, index) =>
    ticket({ applianceName, uri: `users/guest/appliances/7/images/${index}`, definition: 'file:///w/a.xml' }),
  );
  const end = (...states: readonly TicketState[]): void => {
    states.forEach((state, index) => {
      store.put({
        ...store.get(images[index]!)!,
        state,
        ...(state === 'failed' ? { errorMessage: 'The disk is full.' } : { downloadable: true }),
      });
    });
  };
  /** Lets the time of a batch pass, and what is written meanwhile be written. */
  const pass = async (): Promise<void> => {
    await clock.next();
    await sleep(200);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'af-told-'));
    [clock, told, looking] = [new ManualClock(), [], false];
    ({ store } = memoryStore(...images));
    windows = [open()];
  });
  afterEach(async () => {
    for (const window of windows) window.dispose();
    store[Symbol.dispose]();
    await settings().update('notifications', undefined, vscode.ConfigurationTarget.Global);
    await rm(folder, { recursive: true });
  });

  it('tells of one image, with what can be done next', async () => {
    end('done');
    await pass();
    assert.deepEqual(
      told.map(({ message, actions }) => [message, actions.map(({ title }) => title)]),
      [['nginx 1.0 for VirtualBox is done.', ['Download', 'Start', 'Show']]],
    );
  });

  it('is one for all that end together, and says why the first failed', async () => {
    end('done', 'failed', 'done');
    assert.equal(await clock.next(), 1500, 'it waits for others, ms');
    await sleep(200);
    assert.deepEqual(
      told.map(({ severity, message }) => [severity, message]),
      [['error', '1 of 3 images failed: nginx 1.0, minimal 1.0, router 1.0. The first: The disk is full.']],
    );
    assert.equal(clock.pending, 0);
  });

  it('is not shown to somebody who looks at the rows, neither then nor later', async () => {
    looking = true;
    end('done', 'failed');
    await pass();
    looking = false;
    end('done', 'failed');
    assert.deepEqual([told, clock.pending], [[], 0]);
  });

  it('is not shown for what the person has cancelled', () => {
    end('cancelled');
    assert.equal(clock.pending, 0);
  });

  it('is left out where the setting says so', async () => {
    const levels = { none: 0, failures: 1 };
    for (const [level, expected] of Object.entries(levels)) {
      told = [];
      await settings().update('notifications', level, vscode.ConfigurationTarget.Global);
      await until(() => settings().get('notifications') === level, 'the setting');
      for (const image of images) store.put({ ...image, created: `2026-01-01T11:00:0${expected}.000Z` });
      end('done', 'failed');
      await pass();
      assert.equal(told.length, expected, level);
    }
    assert.match(told[0]!.message, /^minimal 1\.0 for VirtualBox failed: The disk is full\.$/);
    assert.deepEqual(
      told[0]!.actions.map(({ title }) => title),
      ['Show Log', 'Try Again'],
    );
  });

  it('is shown by one of several windows', async () => {
    windows.push(open());
    end('failed');
    await clock.next();
    await pass();
    assert.equal(told.length, 1);
  });
});
