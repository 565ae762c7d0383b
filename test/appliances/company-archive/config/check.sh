#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

list=/etc/apt/sources.list.d/company.list
# The archive is on the computer that runs this machine, and is called here as it is there.
port="$(grep -o '127[.]0[.]0[.]1:[0-9]*' "$list" | cut -d: -f2)"
systemd-run --quiet --unit=cable systemd-socket-activate --listen="127.0.0.1:$port" \
  /lib/systemd/systemd-socket-proxyd "10.0.2.2:$port"
for _ in $(seq 60); do
  ! ip -o -4 address show dev eth0 scope global | grep -q inet || break
  sleep 1
done
company() { apt-get --quiet=2 -o Dir::Etc::sourcelist=/dev/null "$@"; }
version() { dpkg-query --showformat '${Version}' --show appliance-greeting; }

check 'the package is there' '1.0' version
check 'and what it needs of Debian' '2.10-3' dpkg-query --showformat '${Version}' --show hello
check 'its archive is one of the machine, with its key' 'signed-by=/etc/apt/keyrings/company.asc' grep -o 'signed-by=[^]]*' "$list"
check 'no address of the build is left' '' sh -c "grep -h http /etc/apt/sources.list | grep -v deb.debian.org"
check 'its lists are read and their signature is good' '' company update
check 'it ranks as said' '600' sh -c "apt-cache policy | grep -B 1 'n=greetings' | grep -o '^ *[0-9]*'"
check 'a newer version is there' '1.1' sh -c "apt-cache policy appliance-greeting | awk '/Candidate/ { print \$2 }'"
company --yes install --only-upgrade appliance-greeting > /dev/null 2>&1
check 'and is installed' '1.1' version
check 'apt trusts nobody else' 'yes' \
  sh -c "sed -i 's/signed-by=[^]]*/signed-by=\/usr\/share\/keyrings\/debian-archive-keyring.gpg/' $list; \
    apt-get update -o Dir::Etc::sourcelist=/dev/null 2>&1 | grep -q NO_PUBKEY && echo yes"
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
