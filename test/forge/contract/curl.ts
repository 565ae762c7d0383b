import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer, TestForge } from '../server/support.ts';

const run = promisify(execFile);

/**
 * A call as the documentation shows it: `curl -u login:password -H "Accept: application/xml" -H "Content-Type:
 * application/xml" --data-binary @representation.xml URL`.
 */
export async function curl(
  { url, user, password }: TestForge,
  method: string,
  path: string,
  accept: string,
  sent?: { readonly type: string; readonly body: string | Uint8Array },
): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'forge-curl-'));
  try {
    const args = ['--silent', '--show-error', '-u', `${user}:${password}`, '-H', `Accept: ${accept}`];
    if (sent !== undefined) {
      await writeFile(join(folder, 'representation.xml'), sent.body);
      args.push('-H', `Content-Type: ${sent.type}`, '--data-binary', '@representation.xml');
    }
    const isDefault = method === (sent === undefined ? 'GET' : 'POST');
    if (!isDefault) args.push('-X', method);
    args.push('--dump-header', 'headers', `${url}${path}`);
    const { stdout } = await run('curl', args, { cwd: folder });
    const [status = '', ...lines] = (await readFile(join(folder, 'headers'), 'latin1')).trim().split('\r\n');
    const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    return { status: Number(status.split(' ')[1]), headers: new Headers(headers), text: stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
