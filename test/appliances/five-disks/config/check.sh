#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

check 'what is on the disks' '/ vda2 btrfs /boot/efi vda1 vfat /home vdc1 btrfs /mirror vdd1 btrfs /srv vdb1 btrfs' \
  sh -c "findmnt --fstab --evaluate -no TARGET -r | grep ^/ | sort | while read -r at; do \
    findmnt -nro TARGET,SOURCE,FSTYPE \"\$at\"; done | sed 's,/dev/,,'"
check 'labels' 'system data homes mirror mirror' \
  sh -c 'for part in a2 b1 c1 d1 e1; do blkid -p -s LABEL -o value /dev/vd$part; done'
check 'options' 'compress=zstd:3 noatime' \
  sh -c "findmnt -no OPTIONS /srv | tr , '\n' | grep -e ^compress -e ^noatime | sort"
check 'two disks are one' 'Data, RAID1 Metadata, RAID1' \
  sh -c "btrfs filesystem df /mirror | grep -o -e '^Data, RAID1' -e '^Metadata, RAID1'"
check 'a file of a bundle' '750 root root' stat -c '%a %U %G' /srv/scripts/mirror.sh
check 'a home' '/home/zoe zoe /home' sh -c 'stat -c "%n %U %m" /home/zoe'
check 'the root has all of the larger disk' '5' sh -c 'echo $(($(stat -fc "%b * %S" /) >> 30))'
check 'the file systems are whole' '' \
  sh -c 'for at in / /srv /home /mirror; do btrfs scrub start -B "$at" > /tmp/scrub 2>&1; grep -h -i error /tmp/scrub | grep -v "no errors found"; done'
btrfs subvolume snapshot -r / /before > /dev/null
check 'a snapshot is made' 'true before' sh -c 'btrfs property get /before ro | cut -d= -f2; btrfs subvolume list / | grep -o before'
btrfs subvolume delete /before > /dev/null
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
