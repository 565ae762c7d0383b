#!/bin/bash
# Looks at every option of template.yml from inside, and says on the console what is there.
good=0 bad=0

# check NAME EXPECTED COMMAND…
check() {
  local name="$1" expected="$2" actual
  shift 2
  actual="$("$@" 2>&1)"
  if [ "$actual" = "$expected" ]; then
    good=$((good + 1)); echo "CHECK ok $name: ${actual//$'\n'/ | }"
  else
    bad=$((bad + 1)); echo "CHECK BAD $name: expected “$expected”, got “${actual//$'\n'/ | }”"
  fi
}
field() { getent "$1" "$2" | cut -d: -f"$3"; }
hash() { getent shadow "$1" | cut -d: -f2 | cut -c"$2"; }
opens() { perl -e 'my $hash = (getpwnam $ARGV[0])[1]; print crypt($ARGV[1], $hash) eq $hash ? "yes" : "no"' "$@"; }
mounted() { findmnt -no FSTYPE,LABEL "$1" | xargs; }
megabytes() { echo $(("$(lsblk -bno SIZE "$(findmnt -no SOURCE "$1")")" / 1048576)); }
version() { dpkg-query -W -f='${Version} ${db:Status-Status}' "$1"; }
address() { ip -o -"$2" address show dev "$1" scope global | awk '{ print $4 }'; }
status() { systemctl show -P "$2" "$1"; }
unit() { basename "$(ls /etc/systemd/system/appliance-*-"$1".service)"; }

sleep 3
boots=$(($(cat /var/lib/boots 2> /dev/null || echo 0) + 1))
echo "$boots" > /var/lib/boots
# At the first boot all scripts run, later those for every boot. The test changes the firmware in between.
if [ "$boots" = 1 ]; then
  firmware=BIOS order='bundle first second' journal='SCRIPT second, first boot' failure='failed 3'
else
  firmware=UEFI order='bundle first second first' journal='' failure='failed 3'
fi
failed="$(unit failing)"

check 'firmware' "$firmware" sh -c '[ -d /sys/firmware/efi ] && echo UEFI || echo BIOS'
check 'os, version' 12 sh -c '. /etc/os-release; echo $VERSION_ID'
check 'os, architecture' amd64 dpkg --print-architecture
check 'profile Server' 'install ok installed' dpkg-query -W -f='${Status}' openssh-server
check 'package, pinned' '2.10-3 installed' version hello
check 'package' 'tree' basename "$(command -v tree)"
check 'partition 1: FAT32' 'vfat ESP' mounted /boot/efi
check 'partition 2: ext2' 'ext2 boot' mounted /boot
check 'partition 3: ext4' 'ext4 system' mounted /
check 'partition 6: xfs' 'xfs home' mounted /home
check 'partition 7: btrfs' 'btrfs data' mounted /data
check 'second disk, 1: ext3' 'ext3 service' mounted /srv
check 'second disk, 2: FAT16' 'vfat TRANSFER' mounted /media/transfer
check 'size of /boot' 256 megabytes /boot
check 'size of /' 2560 megabytes /
check 'size of /home' 320 megabytes /home
check 'what grows has the rest' 764 megabytes /data
check 'size of /srv' 256 megabytes /srv
disk="$(lsblk -no PKNAME "$(findmnt -no SOURCE /)")" second="$(lsblk -no PKNAME "$(findmnt -no SOURCE /srv)")"
check 'primary, extended and logical' '1 2 3 4 5 6 7' sh -c "ls /sys/block/$disk | grep -o '^$disk[0-9]*' | grep -o '[0-9]*\$' | sort -n | xargs"
check 'second disk, 3: unformatted' '' blkid -o value -s TYPE "/dev/${second}3"
check 'swap' 'swap 131068' sh -c "echo \$(swapon --show=LABEL --noheadings) \$(awk 'NR == 2 { print \$3 }' /proc/swaps)"
check 'root has no other file systems' 0 sh -c 'mount --bind / /mnt; find /mnt/home /mnt/srv /mnt/data /mnt/boot -mindepth 1 | wc -l; umount /mnt'
check 'kernel parameters' 'quiet appliance.test=42' sh -c "grep -o 'quiet appliance.test=42' /proc/cmdline"
check 'keyboard' 'de nodeadkeys' sh -c '. /etc/default/keyboard; echo $XKBLAYOUT $XKBVARIANT'
check 'keyboard, set up' 'enabled success' sh -c 'echo $(systemctl is-enabled keyboard-setup.service) $(systemctl show -P Result keyboard-setup.service)'
check 'time zone' 'Europe/Berlin CET' sh -c 'echo $(cat /etc/timezone) $(date -d 2026-01-15 +%Z)'
check 'SELinux, disabled' 'no' sh -c '[ -e /sys/fs/selinux/enforce ] && echo yes || echo no'
check 'firewall' 'drop' sh -c "nft list chain inet appliance input | grep -o 'policy [a-z]*' | cut -d' ' -f2"
check 'firewall, running' 'active' systemctl is-active nftables.service
check 'welcome message' 'Welcome to everything' cat /etc/motd
check 'licence' 'You may do everything.' cat /usr/share/appliance-forge/licenses/site-2/LICENSE
check 'licence, shown' "ask='licenses'" cat /etc/appliance-forge/first-boot.conf
check 'card 1: DHCP' '10.0.2.15/24' address eth0 4
check 'card 1: no IPv6' '' ip -o -6 address show dev eth0
check 'card 2: IPv4' '10.9.8.7/24' address eth1 4
check 'card 2: IPv6' 'fd00:9::7/64' address eth1 6
check 'card 2: gateway' '10.9.8.1 fd00:9::1' sh -c "echo \$(ip -4 route show default dev eth1 | cut -d' ' -f3) \$(ip -6 route show default dev eth1 | cut -d' ' -f3)"
check 'card 3: not connected' 'down' cat /sys/class/net/eth2/operstate
check 'root, hashed password' '$6$' hash root 1-3
check 'root, the password given' yes opens root everything
check 'root, key' 'me' sh -c "awk '{ print \$3 }' /root/.ssh/authorized_keys"
check 'group' 'crew:x:2500:' getent group crew
check 'system group' 350 field group engine 3
check 'user' 'joris:x:2222:2500:Joris the First:/home/joris:/bin/bash' getent passwd joris
check 'user, groups' 'crew sudo engine' id -nG joris
check 'user, home' 'joris:crew' stat -c %U:%G /home/joris
check 'user, password' '$6$' hash joris 1-3
check 'user, the password given' yes opens joris 'secret joris'
check 'user, key' '600 joris joris' sh -c 'echo $(stat -c "%a %U" /home/joris/.ssh/authorized_keys) $(cut -d" " -f3 /home/joris/.ssh/authorized_keys)'
check 'user, hash given' '$6$everything$' hash hashed 1-14
check 'user of the system' '351 /data/daemonic /usr/sbin/nologin' sh -c "getent passwd daemonic | awk -F: '{ print \$3, \$6, \$7 }'"
check 'user without password' '!' hash keysonly 1
check 'bundle file' '640 joris crew' stat -c '%a %U %G' /srv/site/page.html
check 'bundle file, link' '/srv/site/page.html' readlink /usr/share/page.html
check 'bundle folder' '644 root root plain' sh -c 'echo $(stat -c "%a %U %G" /srv/site/pages/plain.txt) $(cat /srv/site/pages/plain.txt)'
check 'bundle folder, listed file' '4755 daemonic engine' stat -c '%a %U %G' /srv/site/pages/run.sh
check 'bundle archive' 'tool about' sh -c 'echo $(/data/tools/bin/tool) $(cat /data/tools/about-link)'
check 'bundle archive, link' '/data/tools' readlink /opt/tools
check 'bundle program, with parameters' '--mode|two words|root' cat /opt/setup/result
check 'bundle .deb' '1.2-3 installed' version forge-sample
check 'bundle .deb, dependency' '/usr/games/cowsay' sh -c 'ls /usr/games/cowsay'
check 'bundle .deb, not installed' 'yes' sh -c '[ -s /opt/kept.deb ] && echo yes'
check 'bundle ospkg' '/usr/games/sl' sh -c 'ls /usr/games/sl'
check 'bundle for clouds is left out' 'no' sh -c '[ -e /opt/clouds.txt ] && echo yes || echo no'
check 'boot scripts, order' "$order" sh -c 'xargs < /var/lib/order'
check 'boot script, in the journal' "$journal" journalctl -b -o cat -g '^SCRIPT second' -u "$(unit second)"
check 'boot script, failure' "$failure" sh -c "echo $(systemctl is-failed "$(unit failing)") $(status "$(unit failing)" ExecMainStatus)"
check 'nothing else has failed' "$failed" sh -c "systemctl --failed --plain --no-legend | awk '{ print \$1 }'"
# The next boot is of what is on the disk now.
sync
echo "CHECK-DONE $good ok, $bad bad"
