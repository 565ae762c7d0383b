import { textFile, type RootOption } from './part.ts';

/** Where licences are in the appliance. */
export const licenceFolder = '/usr/share/appliance-forge/licenses';

const program = '/usr/lib/appliance-forge/first-boot';
const marker = '/var/lib/appliance-forge/first-boot.done';

/** POSIX shell; `ask` lists what is to be asked for. */
const script = `#!/bin/sh
# What is shown and asked at the first boot, on whichever console somebody sits. Written by Appliance Forge.
set -u
. /etc/appliance-forge/first-boot.conf
stty sane 2> /dev/null

pause() { printf '%s' "$1"; read -r _answer || exit 1; }

printf '\\n'
[ ! -s /etc/motd ] || cat /etc/motd
case " $ask " in *' licenses '*)
  find ${licenceFolder} -type f | sort | while read -r licence; do
    printf '\\n=== License: %s ===\\n' "\${licence#${licenceFolder}/}"
    cat "$licence"
  done
  pause 'Press Enter to accept the licenses. '
;; esac

case " $ask " in *' password '*)
  while :; do
    printf 'New password for root: '
    stty -echo; read -r one || exit 1; stty echo; printf '\\n'
    printf 'Again: '
    stty -echo; read -r two || exit 1; stty echo; printf '\\n'
    if [ -z "$one" ]; then printf 'The password is empty.\\n'
    elif [ "$one" != "$two" ]; then printf 'These were two different passwords.\\n'
    elif printf 'root:%s\\n' "$one" | chpasswd; then passwd --unlock root > /dev/null 2>&1; break; fi
  done
;; esac

case " $ask " in *' network '*)
  ip -brief link show | awk '$1 != "lo" { print "Network card: " $1 }'
  file=/etc/systemd/network/80-appliance-first-boot.network
  while :; do
    printf 'Address with prefix, for example 192.0.2.10/24, or Enter for DHCP: '
    read -r address || exit 1
    if [ -z "$address" ]; then
      printf '[Match]\\nType=ether\\nKind=!*\\n\\n[Network]\\nDHCP=yes\\n' > "$file"
      break
    fi
    printf 'Gateway, or Enter for none: '; read -r gateway || exit 1
    printf 'DNS server, or Enter for none: '; read -r dns || exit 1
    if ip address add "$address" dev lo 2> /dev/null; then
      ip address del "$address" dev lo
      {
        printf '[Match]\\nType=ether\\nKind=!*\\n\\n[Network]\\nAddress=%s\\n' "$address"
        [ -z "$gateway" ] || printf 'Gateway=%s\\n' "$gateway"
        [ -z "$dns" ] || printf 'DNS=%s\\n' "$dns"
      } > "$file"
      break
    fi
    printf '%s is no address with a prefix.\\n' "$address"
  done
  networkctl reload
;; esac

mkdir -p "$(dirname ${marker})"
: > ${marker}
# Nobody needs to be asked on the other consoles any more.
systemctl stop --no-block 'appliance-first-boot@*.service'
`;

/** One for each console that gets a login prompt, before it. */
const unit = `[Unit]
Description=First boot of the appliance on %I
ConditionPathExists=!${marker}
After=systemd-user-sessions.service plymouth-quit-wait.service systemd-networkd.service

[Service]
Type=oneshot
ExecStart=${program}
StandardInput=tty-force
StandardOutput=tty
StandardError=tty
TTYPath=/dev/%I
TTYReset=yes
TTYVHangup=yes
TimeoutStartSec=infinity
# Somebody has answered on another console.
SuccessExitStatus=SIGTERM
`;

const beforeLogin = `[Unit]
Wants=appliance-first-boot@%i.service
After=appliance-first-boot@%i.service
`;

/** `rootUser` without a password, `internetSettings: ask`, `displayLicense`: what a person sees at the first boot. */
export const firstBoot: RootOption = ({ firstBoot: { ask }, system }) => {
  if (ask.length === 0 || system.name === 'container') return {};
  return {
    files: [
      textFile(program, script, 0o755),
      textFile('/etc/appliance-forge/first-boot.conf', `ask='${ask.join(' ')}'\n`),
      textFile('/etc/systemd/system/appliance-first-boot@.service', unit),
      textFile('/etc/systemd/system/getty@tty1.service.d/appliance.conf', beforeLogin),
      textFile('/etc/systemd/system/serial-getty@.service.d/appliance.conf', beforeLogin),
    ],
  };
};
