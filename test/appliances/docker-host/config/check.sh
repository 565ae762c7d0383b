#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

systemctl start docker.service
# An image of the machine's own files: there is no network here.
mkdir -p /tmp/image
cp --parents /bin/echo $(ldd /bin/echo | grep -o '/lib[^ ]*') /tmp/image
tar -C /tmp/image -c . | docker import - tiny > /tmp/imported 2>&1

# Rules that Docker made: their number is the same after the firewall's own were made anew.
docker_rules() { nft list ruleset 2> /dev/null | grep -c docker0; }
rules="$(docker_rules)"

check 'a container runs' 'hello from inside' docker run --rm tiny /bin/echo hello from inside
check 'AppArmor is on' 'Y' cat /sys/module/apparmor/parameters/enabled
check 'containers have a profile' 'docker-default (enforce)' \
  sh -c "grep -o 'docker-default (enforce)' /sys/kernel/security/apparmor/profiles"
check 'Docker has rules' 'yes' sh -c "[ '$rules' -gt 0 ] && echo yes"
check 'input is dropped' 'drop' sh -c "nft list chain inet appliance input | grep -o 'policy [a-z]*' | cut -d' ' -f2"
check 'what is forwarded is left to Docker' 'accept' \
  sh -c "nft list chain inet appliance forward | grep -o 'policy [a-z]*' | cut -d' ' -f2"
mkdir -p /etc/appliance-forge/firewall.d/forward
echo 'tcp dport 9 drop comment "ours"' > /etc/appliance-forge/firewall.d/forward/ours.nft
check 'the firewall starts anew' '' systemctl restart nftables.service
check 'lines for the chain forward are read' '1' sh -c "nft list chain inet appliance forward | grep -c ours"
check 'Docker still has its rules' "$rules" docker_rules
check 'a container runs then, too' 'again' docker run --rm tiny /bin/echo again
check 'chrony keeps the time' 'active' systemctl is-active chrony.service
check 'systemd-timesyncd made room' 'gone' sh -c 'dpkg-query -s systemd-timesyncd > /dev/null 2>&1 || echo gone'
check 'iputils-ping is left out' 'gone' sh -c 'command -v ping || echo gone'
check 'the answer was heard' '* man-db/auto-update: false' \
  sh -c "debconf-show man-db | grep -o '. man-db/auto-update: .*'"
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
