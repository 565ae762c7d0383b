import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const tar = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('tar', args, { maxBuffer: 2 ** 26 })).stdout;

/** What Debian's packages make while they are installed, without dpkg knowing; by who does. */
const madeByPackages: readonly RegExp[] = [
  /^\/var\/lib\/(dpkg|ucf|pam|apt\/extended_states|shells\.state|systemd\/(catalog\/database|deb-systemd-helper-))/,
  /^\/var\/cache\/debconf\/(config|passwords|templates)\.dat$/,
  /^\/var\/log\/(README|btmp|faillog|lastlog|wtmp)$/,
  // update-alternatives and its links.
  /^\/etc\/alternatives\//,
  /^\/usr\/(bin\/(awk|nawk|pager|which)|sbin\/rmt)$/,
  /^\/usr\/share\/man\/(\w+\/)?man[178]\/(awk|nawk|pager|which|builtins|rmt)\.[178]\.gz$/,
  // ca-certificates, openssl.
  /^\/etc\/(ca-certificates\.conf|ssl\/certs\/.*\.(pem|0|crt))$/,
  // systemctl enable, update-rc.d and runit.
  /^\/etc\/(rc[0-6S]\.d|runit)\//,
  /^\/etc\/systemd\/system\/([\w-]+\.target\.wants\/.*|dbus-org\.freedesktop\.\w+\.service|sshd\.service)$/,
  // base-files, base-passwd, passwd, libpam-runtime, libc-bin, udev, info.
  /^\/etc\/(dpkg\/origins\/default|environment|fstab|hosts\.allow|hosts\.deny|ld\.so\.cache|modules|motd|mtab)$/,
  /^\/etc\/(nsswitch\.conf|profile|shells|security\/opasswd|pam\.d\/common-[\w-]+)$/,
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/,
  /^\/root\/\.(bashrc|profile)$/,
  /^\/(usr\/local\/man|usr\/lib\/udev\/hwdb\.bin|usr\/share\/info\/dir|var\/spool\/mail)$/,
  // openssh-server, nginx.
  /^\/(etc\/ssh\/sshd_config|etc\/nginx\/sites-enabled\/default|var\/www\/html\/index\.nginx-debian\.html)$/,
  /^\/var\/log\/nginx\/(access|error)\.log$/,
];

/** What the forge makes of a template. */
const ours: readonly RegExp[] = [
  /^\/etc\/(apt\/sources\.list|default\/locale|hostname|hosts|localtime|machine-id|resolv\.conf|timezone)$/,
  /^\/etc\/systemd\/(network\/\d+-appliance-.*\.network|system\/appliance-[\w-]+\.service)$/,
  /^\/etc\/systemd\/system\/systemd-networkd-wait-online\.service\.d\/appliance\.conf$/,
  /^\/usr\/lib\/appliance-forge\//,
];

/** The files of a root in a tar, folders aside, that no package has brought or made, nor the forge for the template. */
export async function filesOfNobody(rootTar: string): Promise<string[]> {
  const listed = await tar('--quoting-style=literal', '-tf', rootTar);
  const known = await tar('-xOf', rootTar, '--wildcards', './var/lib/dpkg/info/*.list');
  // Debian's packages for a merged /usr may still name /bin and /lib.
  const packaged = new Set(
    known.split('\n').map((path) => path.replace(/^\/(bin|sbin|lib\w*)\//, '/usr/$1/')),
  );
  return listed
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('/'))
    .map((line) => line.replace(/^\./, ''))
    .filter((path) => !packaged.has(path) && ![...madeByPackages, ...ours].some((each) => each.test(path)));
}
