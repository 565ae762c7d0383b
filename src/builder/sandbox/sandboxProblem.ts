import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { isRoot } from './identity.ts';
import { Sandbox, ToolError } from './sandbox.ts';

/** A tool the build can't do without, and the Debian package that brings it. */
export interface MissingTool {
  readonly tool: string;
  readonly package: string;
  /** The command that helps, where installing the package doesn't. */
  readonly remedy?: string;
}

/** Ubuntu 24.04 and later set it to 1: then no normal user gets a user name space with rights in it. */
const apparmorSwitch = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';

/** Why there can't be such a sandbox as builds run in, found out by trying; undefined when it works. */
export async function sandboxProblem(): Promise<MissingTool | undefined> {
  try {
    await new Sandbox(new AbortController().signal, () => undefined).run('chown --version');
    return undefined;
  } catch (error) {
    return await explain(error instanceof ToolError ? error.lines.join('\n') : String(error));
  }
}

async function explain(said: string): Promise<MissingTool> {
  const { username } = userInfo();
  if (isRoot()) {
    return {
      tool: `name spaces, which this computer or container forbids: ${said}`,
      package: 'bubblewrap',
      remedy: 'sudo sysctl user.max_user_namespaces=15000',
    };
  }
  if (!(await hasRange('/etc/subuid', username)) || !(await hasRange('/etc/subgid', username))) {
    return {
      tool: `a range of subordinate ids for ${username} in /etc/subuid and /etc/subgid`,
      package: 'uidmap',
      remedy: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
    };
  }
  if ((await textOf(apparmorSwitch)).trim() === '1') {
    return {
      tool: 'user name spaces, which AppArmor forbids to normal users here',
      package: 'uidmap',
      remedy: 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    };
  }
  if (said.includes('--map-auto')) {
    return { tool: 'unshare --map-auto (util-linux 2.38 or newer)', package: 'util-linux' };
  }
  return {
    tool: 'user name spaces, which the kernel forbids to normal users here',
    package: 'uidmap',
    remedy: 'sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000',
  };
}

/** Ranges are given to names or to ids. */
async function hasRange(file: string, username: string): Promise<boolean> {
  const owners = (await textOf(file)).split('\n').map((line) => line.split(':')[0]);
  return owners.includes(username) || owners.includes(String(userInfo().uid));
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
