import { clampTimes } from './rootTar.ts';
import { forgetSecretsScript } from './secrets.ts';
import { keepVolatileScript } from './volatile.ts';

/**
 * Everything that happens inside the root is two bash scripts: one for the packages with what they are set up by, which
 * the cache keeps, and one for what belongs to this very appliance. Both run inside the sandbox whose file system is the
 * root, so no path of a template can mean anything outside.
 *
 * Both read /run/build/overlay.tar (files for the root) and setup.tar (for /run/setup: accounts, bundles, local packages
 * in debs/, debconf's answers), and EPOCH.
 */
const enter = `
export SOURCE_DATE_EPOCH="$EPOCH"
touch /run/begun
mkdir /run/lock /run/setup
chmod 700 /run/setup
tar -C /run/setup -x < /run/build/setup.tar
tar -C / --no-overwrite-dir --keep-directory-symlink -x < /run/build/overlay.tar
`;

/** From Debian 13 on the locale is in systemd's own file, and each boot makes a link of the old one (tmpfiles.d/debian.conf). */
const locale = `
if grep -qsE '^L\\+? /etc/default/locale ' /usr/lib/tmpfiles.d/*.conf && [ ! -L /etc/default/locale ]; then
  mv /etc/default/locale /etc/locale.conf
  ln -s ../locale.conf /etc/default/locale
fi
`;

/** The image's own tzdata says which zones there are: each is a file that begins with TZif (tzfile(5)). */
const timezone = `
case "/$TIMEZONE/" in
  */../*) magic= ;;
  *) magic="$(head -c 4 "/usr/share/zoneinfo/$TIMEZONE" 2> /dev/null || true)" ;;
esac
[ "$magic" = TZif ] || {
  echo "E: The image has no time zone $TIMEZONE: correct stack.installation.timezone, or add a package that brings it." >&2
  exit 1
}
ln -snf "/usr/share/zoneinfo/$TIMEZONE" /etc/localtime
`;

/**
 * Besides: INSTALL (names of files in /run/build/archives), AUTOMATIC (names that only dependencies brought), FOREIGN
 * (an architecture besides the image's own), TIMEZONE.
 *
 * apt gets files, and neither sources nor lists: what is to be installed has been decided, and reading the lists of a
 * whole archive takes longer than unpacking a web server.
 */
export const packagesScript = `${enter}
debs=()
for file in $INSTALL; do debs+=("/run/build/archives/$file"); done
for deb in /run/setup/debs/*.deb; do
  [ ! -e "$deb" ] || debs+=("$deb")
done
if [ "\${#debs[@]}" -gt 0 ]; then
  apt=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=/run/no-lists)
  [ ! -e /run/setup/debconf ] || debconf-set-selections < /run/setup/debconf
  [ -z "$FOREIGN" ] || dpkg --add-architecture "$FOREIGN"
  printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  # Its package makes the keys that are not there yet, which takes time; they must not be in an image.
  if [[ " $INSTALL" == *' openssh-server_'* ]]; then
    mkdir -p /etc/ssh
    touch /etc/ssh/ssh_host_{rsa,ecdsa,ed25519}_key
  fi
  apt-get "\${apt[@]}" -y --allow-downgrades --allow-change-held-packages \\
    --no-install-recommends -o APT::Status-Fd=3 -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \\
    -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Options::=--force-confold \\
    install "\${debs[@]}" 0< /dev/null
  [ -z "$AUTOMATIC" ] || apt-mark "\${apt[@]}" auto $AUTOMATIC > /dev/null
  rm /usr/sbin/policy-rc.d
fi

${locale}${timezone}
${clampTimes}`;

/** Besides: /run/build/bundles.tar and files.tar (the bundles' files, the template's own), UNITS, SYSTEM (its name). */
export const customizeScript = `${enter}
bash -euo pipefail /run/setup/accounts.sh
${forgetSecretsScript}
tar -C / --no-overwrite-dir --keep-directory-symlink -x < /run/build/bundles.tar
tar -C / --no-overwrite-dir --keep-directory-symlink -x < /run/build/files.tar
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \\
  DEBIAN_FRONTEND=noninteractive bash -euo pipefail /run/setup/bundles.sh
${keepVolatileScript}
# The links beside the kernel, for a /boot of its own (kernel-img.conf).
if grep -qs '^link_in_boot = yes' /etc/kernel-img.conf; then
  rm -f /vmlinuz* /initrd.img*
  for image in /boot/vmlinuz-*; do
    version="\${image##*/vmlinuz-}"
    linux-update-symlinks install "$version" "/boot/vmlinuz-$version"
  done
fi
# The only kernel is no previous one: the links appear with the next.
rm -f /vmlinuz.old /initrd.img.old /boot/vmlinuz.old /boot/initrd.img.old

systemctl enable systemd-networkd.service systemd-resolved.service $UNITS
bash -euo pipefail /run/setup/settings.sh

rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub /var/lib/dbus/machine-id
rm -f /etc/machine-id
: > /etc/machine-id
rm -f /var/lib/systemd/random-seed /etc/resolv.conf /etc/.resolv.conf.systemd-resolved.bak /etc/*- /etc/.pwd.lock
# What runs a container brings its own; where systemd starts in one, it makes the link (tmpfiles.d/systemd-resolve.conf).
[ "$SYSTEM" = container ] || ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/cache/apt/archives/lock
rm -f /var/log/*.log /var/log/apt/* /var/cache/debconf/*-old /var/lib/dpkg/*-old
rm -f /var/cache/ldconfig/aux-cache
${clampTimes}`;
