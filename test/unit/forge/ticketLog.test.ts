import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { TicketLog } from '../../../src/forge/images/ticketLog.ts';

suite('The log of a ticket', () => {
  test('holds no order for the terminal of whoever reads it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'af-log-'));
    const file = join(folder, '1.log');
    {
      await using log = new TicketLog(file);
      log.line('Setting up nginx\r\x1b[2K\x1b]52;c;cm0=\x07done');
      log.line('\x9d0;title\x9c');
    }
    assert.equal(
      await readFile(file, 'utf8'),
      'Setting up nginx\n␛[2K␛]52;c;cm0=␇done\n\\u009d0;title\\u009c\n',
    );
    await rm(folder, { recursive: true });
  });
});
