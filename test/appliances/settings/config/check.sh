#!/bin/bash
# Looks at every key of template.yml from inside, and says on the console what is there.
good=0 bad=0

# check NAME EXPECTED COMMAND…
check() {
  local name="$1" expected="$2" actual
  shift 2
  actual="$("$@" 2>&1 | xargs)"
  if [ "$actual" = "$expected" ]; then
    good=$((good + 1)); echo "CHECK ok $name: $actual"
  else
    bad=$((bad + 1)); echo "CHECK BAD $name: expected “$expected”, got “$actual”"
  fi
}
options() { findmnt -no OPTIONS "$1" | tr , '\n' | grep -E '^(ro|noatime|nodev|noexec|nosuid)$' | sort; }
address() { ip -o -4 address show dev "$1" scope global | awk '{ print $4 }'; }

for _ in $(seq 60); do
  [ "$(cat /sys/class/net/bond0/operstate)$(cat /sys/class/net/bond0.100/operstate)" != upup ] || break
  sleep 1
done
check 'hostname' 'web01' uname -n
check 'hostname, with its domain' 'web01.example.org' sh -c "getent hosts web01 | awk '{ print \$2 }'"
check 'locale' 'fr_FR.UTF-8 mars' su - zoe -c 'echo $LANG $(date -d 2026-03-01 +%B)'
check 'DNS servers' '192.0.2.53 2001:db8::53' sh -c 'resolvectl dns | grep ^Global | cut -d: -f2-'
check 'search domains' 'example.net example.org' sh -c 'resolvectl domain | grep ^Global | cut -d: -f2- | xargs -n1 | sort'
check 'route' '198.51.100.0/24 via 10.0.2.2 dev eth0 proto static metric 50' sh -c "ip route show 198.51.100.0/24 | sed 's/ onlink//'"
check 'bond, mode' 'active-backup 1' cat /sys/class/net/bond0/bonding/mode
check 'bond, cards' 'eth1 eth2' sh -c 'xargs -n1 < /sys/class/net/bond0/bonding/slaves | sort'
check 'bond, address' '10.9.8.7/24' address bond0
check 'VLAN' '10.9.100.7/24 100' sh -c "echo $(address bond0.100) \$(ip -d link show bond0.100 | grep -o 'id [0-9]*' | cut -c4-)"
check 'VLAN with a name' 'guests@eth0' sh -c "ip -br link show guests | awk '{ print \$1 }'"
check 'partition table' 'gpt' sh -c "blkid -p -s PTTYPE -o value /dev/vda"
check 'partitions' '1 2 3 4 5 6 128' sh -c "ls /sys/class/block | sed -n 's/^vda\([0-9]\)/\1/p' | sort -n"
check 'mount options' 'noatime ro' options /srv
check 'mount options, several' 'nodev noexec nosuid' options /var/tmp
check 'mount options of the root' 'noatime' options /
check 'file' 1 grep -cxF "héllo '' \\" /run/hello
check 'file, rights' '755 root root' stat -c '%a %U %G' /usr/local/bin/hello
check 'file of a user' '600 joris crew 8' stat -c '%a %U %G %s' /home/joris/.config/deep/secret.conf
check 'home of the user' '755 joris crew' stat -c '%a %U %G' /home/joris
check 'service enabled' 'enabled active' sh -c 'systemctl is-enabled hello; systemctl is-active hello'
check 'service disabled' 'disabled inactive' sh -c 'systemctl is-enabled systemd-timesyncd; systemctl is-active systemd-timesyncd'
check 'service masked' 'masked' systemctl is-enabled e2scrub_all.timer
check 'sysctl' '1 7' sysctl -n net.ipv4.ip_forward vm.swappiness
check 'certificate' '/etc/ssl/leaf.pem: OK' openssl verify /etc/ssl/leaf.pem
check 'key of a user' '600 joris crew joris' sh -c 'stat -c "%a %U %G" /home/joris/.ssh/authorized_keys; cut -d" " -f3 /home/joris/.ssh/authorized_keys'
check 'sudo without a password' 'root' su joris -c 'sudo -n id -un'
check 'sudo with a password' 'zoe sudo no' su zoe -c 'id -nG; sudo -n id -un > /dev/null 2>&1 || echo no'
check 'nothing has failed' '' systemctl --failed --plain --no-legend
echo "CHECK-DONE $good ok, $bad bad"
