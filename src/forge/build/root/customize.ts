import { clampTimes } from './rootTar.ts';

/**
 * Everything that happens inside the root is two bash scripts: one for the packages with what they are set up by, which
 * the cache keeps, and one for what belongs to this very appliance. Mounts are private to the sandbox and gone with it;
 * device files are bound from this computer because a normal user can't make any.
 *
 * Environment of both: ROOT, OVERLAY (a tar of files for the root), SETUP (a tar for /run/setup: accounts, bundles, local
 * packages in debs/), APT (this build's apt folder), HOSTNAME_NEW, EPOCH.
 */
const enter = `
export SOURCE_DATE_EPOCH="$EPOCH"
touch "$APT/begun"
hostname "$HOSTNAME_NEW"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
for device in null zero full random urandom tty; do
  : > "$ROOT/dev/$device"
  mount --bind "/dev/$device" "$ROOT/dev/$device"
done
ln -s /proc/self/fd "$ROOT/dev/fd"
ln -s fd/0 "$ROOT/dev/stdin"
ln -s fd/1 "$ROOT/dev/stdout"
ln -s fd/2 "$ROOT/dev/stderr"
mkdir "$ROOT/dev/shm" "$ROOT/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$ROOT/dev/pts" && ln -s pts/ptmx "$ROOT/dev/ptmx" || true
mount -t proc proc "$ROOT/proc" 2> /dev/null || mount --rbind /proc "$ROOT/proc"
mount --rbind /sys "$ROOT/sys" || true
mount -t tmpfs -o mode=755 tmpfs "$ROOT/run"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
mkdir "$ROOT/run/lock" "$ROOT/run/setup"
chmod 700 "$ROOT/run/setup"
chroot "$ROOT" tar -C /run/setup -x < "$SETUP"
chroot "$ROOT" tar -C / --no-overwrite-dir --keep-directory-symlink -x < "$OVERLAY"
`;

/** The image's own tzdata says which zones there are: each is a file that begins with TZif (tzfile(5)). */
const timezone = `
case "/$TIMEZONE/" in
  */../*) magic= ;;
  *) magic="$(chroot "$ROOT" head -c 4 "/usr/share/zoneinfo/$TIMEZONE" 2> /dev/null || true)" ;;
esac
[ "$magic" = TZif ] || {
  echo "E: The image has no time zone $TIMEZONE: correct stack.installation.timezone, or add a package that brings it." >&2
  exit 1
}
chroot "$ROOT" ln -snf "/usr/share/zoneinfo/$TIMEZONE" /etc/localtime
`;

/**
 * Besides: INSTALL (names of files in APT/archives), AUTOMATIC (names that only dependencies brought), TIMEZONE.
 *
 * apt gets files, and neither sources nor lists: what is to be installed has been decided, and reading the lists of a
 * whole archive takes longer than unpacking a web server.
 */
export const packagesScript = `${enter}
debs=()
for file in $INSTALL; do debs+=("/var/cache/apt/archives/$file"); done
for deb in "$ROOT"/run/setup/debs/*.deb; do
  [ ! -e "$deb" ] || debs+=("\${deb#"$ROOT"}")
done
if [ "\${#debs[@]}" -gt 0 ]; then
  apt=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=/run/no-lists)
  mount --bind "$APT/archives" "$ROOT/var/cache/apt/archives"
  printf '#!/bin/sh\\nexit 101\\n' > "$ROOT/usr/sbin/policy-rc.d"
  chmod 755 "$ROOT/usr/sbin/policy-rc.d"
  # Its package makes the keys that are not there yet, which takes time; they must not be in an image.
  if [[ " $INSTALL" == *' openssh-server_'* ]]; then
    mkdir -p "$ROOT/etc/ssh"
    touch "$ROOT"/etc/ssh/ssh_host_{rsa,ecdsa,ed25519}_key
  fi
  env -u ROOT chroot "$ROOT" apt-get "\${apt[@]}" -y --allow-downgrades --allow-change-held-packages \\
    --no-install-recommends -o APT::Status-Fd=3 -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \\
    -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Options::=--force-confold \\
    install "\${debs[@]}" 0< /dev/null
  [ -z "$AUTOMATIC" ] || chroot "$ROOT" apt-mark "\${apt[@]}" auto $AUTOMATIC > /dev/null
  rm "$ROOT/usr/sbin/policy-rc.d"
  umount "$ROOT/var/cache/apt/archives"
fi

${timezone}
${clampTimes}`;

/** Besides: BUNDLES (a tar of the bundles' files), UNITS. */
export const customizeScript = `${enter}
chroot "$ROOT" bash -euo pipefail /run/setup/accounts.sh
chroot "$ROOT" tar -C / --no-overwrite-dir --keep-directory-symlink -x < "$BUNDLES"
chroot "$ROOT" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \\
  DEBIAN_FRONTEND=noninteractive bash -euo pipefail /run/setup/bundles.sh

# The links beside the kernel, for a /boot of its own (kernel-img.conf).
if grep -qs '^link_in_boot = yes' "$ROOT/etc/kernel-img.conf"; then
  rm -f "$ROOT"/vmlinuz* "$ROOT"/initrd.img*
  for image in "$ROOT"/boot/vmlinuz-*; do
    version="\${image##*/vmlinuz-}"
    chroot "$ROOT" linux-update-symlinks install "$version" "/boot/vmlinuz-$version"
  done
fi

chroot "$ROOT" systemctl enable systemd-networkd.service systemd-resolved.service $UNITS

rm -f "$ROOT"/etc/ssh/ssh_host_*_key "$ROOT"/etc/ssh/ssh_host_*_key.pub "$ROOT/var/lib/dbus/machine-id"
: > "$ROOT/etc/machine-id"
rm -f "$ROOT/var/lib/systemd/random-seed" "$ROOT/etc/resolv.conf" "$ROOT"/etc/*- "$ROOT"/etc/.pwd.lock
ln -s ../run/systemd/resolve/stub-resolv.conf "$ROOT/etc/resolv.conf"
rm -rf "$ROOT"/var/lib/apt/lists/* "$ROOT"/var/cache/apt/*.bin "$ROOT"/var/cache/apt/archives/*.deb
rm -f "$ROOT"/var/log/*.log "$ROOT"/var/log/apt/* "$ROOT"/var/cache/debconf/*-old "$ROOT"/var/lib/dpkg/*-old
rm -f "$ROOT/var/cache/ldconfig/aux-cache"
${clampTimes}`;
