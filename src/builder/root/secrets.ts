import { textFile, type RootOption } from './part.ts';
import { stateFolder } from './runBootScript.ts';

/** Something secret, or of one machine only, that a package makes while it is installed. */
interface Secret {
  readonly name: string;
  /** Patterns of the shell. */
  readonly files: string;
  /** How its package makes it: POSIX shell, as root. */
  readonly make: string;
}

/** Source: the postinst scripts of the packages in Debian 12. A package that makes one more is a row here. */
const secrets: readonly Secret[] = [
  {
    name: 'ssl-cert',
    files: '/etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem',
    make: 'make-ssl-cert generate-default-snakeoil --force-overwrite',
  },
  {
    name: 'bind9',
    files: '/etc/bind/rndc.key',
    make: 'rndc-confgen -a && chown bind:bind /etc/bind/rndc.key && chmod 640 /etc/bind/rndc.key',
  },
  {
    name: 'open-iscsi',
    files: '/etc/iscsi/initiatorname.iscsi',
    make: 'umask 077; echo "InitiatorName=$(iscsi-iname -p iqn.1993-08.org.debian:01)" > /etc/iscsi/initiatorname.iscsi',
  },
  {
    name: 'nvme-cli',
    files: '/etc/nvme/hostnqn /etc/nvme/hostid',
    make: 'read -r id < /proc/sys/kernel/random/uuid && echo "nqn.2014-08.org.nvmexpress:uuid:$id" > /etc/nvme/hostnqn && echo "$id" > /etc/nvme/hostid',
  },
  {
    name: 'munge',
    files: '/etc/munge/munge.key',
    make: 'runuser -u munge -- mungekey --create',
  },
  {
    name: 'dropbear',
    files: '/etc/dropbear/dropbear_*_host_key',
    make: 'for type in rsa ecdsa ed25519; do dropbearkey -t $type -f /etc/dropbear/dropbear_${type}_host_key; done',
  },
  { name: 'nsd', files: '/etc/nsd/nsd_*.key /etc/nsd/nsd_*.pem', make: 'nsd-control-setup' },
  {
    name: 'xrdp',
    files: '/etc/xrdp/rsakeys.ini',
    make: 'umask 077; xrdp-keygen xrdp auto && chown xrdp /etc/xrdp/rsakeys.ini',
  },
];

/** One empty file for each secret that is still to be made. */
const pending = `${stateFolder}/secrets`;

/** The program that makes them. */
export const makeSecrets = '/usr/lib/appliance-forge/make-secrets';
const unitName = 'appliance-secrets.service';

/**
 * Runs inside the root once its packages are there, and before the bundles: a secret that the template itself brings is
 * its own. What no row knows is said.
 */
export const forgetSecretsScript = `
forget() {
  local name="$1" file
  shift
  for file; do
    [ -e "$file" ] || continue
    mkdir -p ${pending}
    : > "${pending}/$name"
    rm -f "$file"
  done
}
${secrets.map(({ name, files }) => `forget ${name} ${files}`).join('\n')}
find /etc/ssl/certs -xtype l -lname ssl-cert-snakeoil.pem -delete 2> /dev/null || true
for file in $(grep -rlsI -e '-----BEGIN [A-Z ]*PRIVATE KEY' --exclude-dir=ssh /etc /var/lib); do
  dpkg-query -S "$file" > /dev/null 2>&1 ||
    echo "Warning: A package has made the private key $file: all machines of this image will have the same one."
done
`;

const program = `#!/bin/sh
# Makes the secrets of this machine that an image must not carry: its machines would share them. Written by Appliance Forge.
failed=0
make_secret() {
  [ -e "${pending}/$1" ] || return 0
  if (eval "$2") > /dev/null; then rm -f "${pending}/$1"; else failed=1; fi
}
${secrets.map(({ name, make }) => `make_secret ${name} '${make}'`).join('\n')}
rmdir ${pending} 2> /dev/null
exit $failed
`;

/** Before everything that could use one of them. */
const unit = `[Unit]
Description=Secrets of this machine
DefaultDependencies=no
Conflicts=shutdown.target
ConditionDirectoryNotEmpty=${pending}
RequiresMountsFor=/tmp /var/lib
After=local-fs.target systemd-tmpfiles-setup.service
Before=network-pre.target sysinit.target shutdown.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${makeSecrets}

[Install]
WantedBy=sysinit.target
`;

/** What packages have made for one machine is made anew on each, at its first boot. */
export const secretsOfMachine: RootOption = () => ({
  files: [textFile(makeSecrets, program, 0o755), textFile(`/etc/systemd/system/${unitName}`, unit)],
  units: [unitName],
});
