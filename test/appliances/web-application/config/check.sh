#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

for _ in $(seq 60); do
  ! systemctl is-active --quiet greeting.service || ! curl --silent --fail --output /dev/null http://127.0.0.1:8000 || break
  sleep 1
done
check 'the application answers behind nginx' 'héllo from /opt/greeting/venv' curl --silent --show-error http://127.0.0.1/
check 'what is static is of the archive' 'a picture' curl --silent --show-error 'http://127.0.0.1/static/a%20picture.txt'
check 'its Python is the system’s' '/usr/bin/python3' readlink /opt/greeting/venv/bin/python3
check 'a link of the archive' 'lib' readlink /opt/greeting/venv/lib64
check 'rights of the archive' '640 root greeting' stat -c '%a %U %G' /opt/greeting/secret
check 'an empty folder of the archive' '0' sh -c 'ls -A /opt/greeting/uploads | wc -l'
check 'it runs as who it should' 'greeting' sh -c 'ps -o user= -p "$(systemctl show -P MainPID greeting.service)"'
check 'others do not read its settings' '600 root root' stat -c '%a %U %G' /etc/greeting.env
check 'the root is xfs' 'xfs' findmnt -no FSTYPE /
check 'and has all of the larger disk' '5' sh -c 'echo $(($(stat -fc "%b * %S" /) >> 30))'
check 'names with blanks' 'launcher manifest.xml' sh -c 'cd /usr/lib/python3/dist-packages/setuptools/command && ls launcher*'
check 'users may ping' '1 received' \
  sh -c "runuser -u greeting -- ping -c 1 127.0.0.1 | grep -o '1 received'"
check 'capabilities' '/usr/bin/ping cap_net_raw=ep' sh -c 'getcap "$(realpath "$(command -v ping)")"'
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
