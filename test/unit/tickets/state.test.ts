import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ticketFromImage, withImage, withStatus } from '../../../src/tickets/fromServer.ts';
import { isFinal, percentageOf, stateOf } from '../../../src/tickets/state.ts';
import { summarize } from '../../../src/tickets/summary.ts';
import { ticket } from './support.ts';

suite('the state a status means', () => {
  test('is failed whenever there is an error, complete or not, cancelled or not', () => {
    assert.equal(stateOf({ error: true }), 'failed');
    assert.equal(stateOf({ error: true, complete: true }), 'failed');
    assert.equal(stateOf({ error: true, cancelled: true }), 'failed');
  });

  test('is cancelled before it is done', () => {
    assert.equal(stateOf({ cancelled: true, complete: true, percentage: 100 }), 'cancelled');
    assert.equal(stateOf({ complete: true }), 'done');
  });

  test('is waiting without any progress, and running with some', () => {
    for (const status of [undefined, {}, { percentage: 0 }, { percentage: -1 }])
      assert.equal(stateOf(status), 'waiting');
    assert.equal(stateOf({ percentage: 1 }), 'running');
    assert.equal(stateOf({ percentage: 100 }), 'running', '100 % is not done until the server says complete');
  });

  test('is final or goes on', () => {
    assert.deepEqual((['waiting', 'running', 'done', 'failed', 'cancelled'] as const).map(isFinal), [
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  test('has a percentage between 0 and 100, whatever the server sends', () => {
    assert.deepEqual(
      [undefined, -1, 0, 54.6, 103, NaN].map((percentage) => percentageOf({ percentage })),
      [0, 0, 0, 55, 100, 0],
    );
  });
});

suite('a ticket from what a server says', () => {
  const context = {
    server: 'http://forge/api',
    uid: 'guest',
    appliance: { uri: 'users/guest/appliances/7', name: 'nginx', version: '1.0' },
    now: Date.UTC(2026, 0, 1),
  };

  test('knows its ids beyond 2^53, and none where the URI is no appliance’s image', () => {
    const made = ticketFromImage(
      { uri: '/users/g/appliances/9007199254740993/images/9007199254740995' },
      context,
    );
    assert.deepEqual([made?.aid, made?.itid], ['9007199254740993', '9007199254740995']);
    assert.equal(ticketFromImage({ uri: 'users/g/scannedinstances/1/scans/2/images/3' }, context), undefined);
    assert.equal(ticketFromImage({}, context), undefined);
  });

  test('stays the same object when a status says nothing new', () => {
    const before = ticket();
    const same = withStatus(before, { percentage: 10, message: 'Fetching packages' }, 0);
    assert.equal(same, before);
  });

  test('notes when it changed, why it failed and the detail behind it', () => {
    const now = Date.UTC(2026, 5, 1);
    const failed = withStatus(
      ticket({ eta: 'x' }),
      { error: true, errorMessage: 'No space', detailedErrorMsg: 'dd: …' },
      now,
    );
    assert.equal(failed.state, 'failed');
    assert.equal(failed.errorMessage, 'No space');
    assert.equal(failed.detail, 'dd: …');
    assert.equal(failed.changed, '2026-06-01T00:00:00.000Z');
    assert.equal(failed.finished, '2026-06-01T00:00:00.000Z');
    assert.equal('eta' in failed, false);
  });

  test('can be downloaded only when done, real and with a file that is compressed or offered', () => {
    const done = ticket({ state: 'done' });
    const image = { compress: true, fileName: 'a.ova', fileSize: 5 };
    assert.equal(withImage(done, image).downloadable, true);
    assert.equal(withImage(done, image).fileSize, 5);
    assert.equal(withImage(ticket({ state: 'running' }), image).downloadable, false);
    const uncompressed = { ...image, compress: false };
    assert.equal(withImage(done, uncompressed).downloadable, false);
    assert.equal(withImage(done, { ...uncompressed, downloadUri: 'a' }).downloadable, true);
    assert.equal(withImage(ticket({ state: 'done', simulated: true }), image).downloadable, false);
    assert.equal(withImage(done, { compress: true }).downloadable, false);
  });
});

suite('the summary of all tickets', () => {
  test('counts what runs and tells of the slowest', () => {
    const summary = summarize([
      ticket({ percentage: 60, message: 'Installing' }),
      ticket({ percentage: 20, message: 'Fetching packages' }),
      ticket({ state: 'failed', percentage: 1 }),
      ticket({ state: 'done', percentage: 100 }),
    ]);
    assert.deepEqual(summary, { count: 2, percentage: 20, stage: 'Fetching packages' });
  });

  test('is empty when nothing runs', () => {
    assert.deepEqual(summarize([ticket({ state: 'cancelled' })]), { count: 0, percentage: 0, stage: '' });
  });
});
