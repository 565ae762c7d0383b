#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | tr -d '\r' | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

key="$(mktemp -u)"
ssh-keygen -q -t ed25519 -N '' -f "$key"
cat "$key.pub" >> /home/alice/.ssh/authorized_keys
login() { ssh -i "$key" -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "$@" < /dev/null; }

check 'a key is let in' 'alice jump.example.org' login alice@127.0.0.1 'id -un; hostname -f'
check 'and through, to the next machine' 'alice' \
  login -o "ProxyCommand=ssh -i $key -o BatchMode=yes -W %h:%p alice@127.0.0.1" alice@127.0.0.2 id -un
check 'without a key nobody is' 'alice@127.0.0.1: Permission denied (publickey).' \
  login -o PubkeyAuthentication=no alice@127.0.0.1 true
check 'nor root' 'root@127.0.0.1: Permission denied (publickey).' login root@127.0.0.1 true
check 'nor who is not of the group' 'mallory@127.0.0.1: Permission denied (publickey).' login mallory@127.0.0.1 true
check 'who is in may become root' 'root' login alice@127.0.0.1 sudo -n id -un
check 'the key of the template is there' 'alice' sh -c 'head -n 1 /home/alice/.ssh/authorized_keys | cut -d" " -f3'
check 'host keys are of this machine' '3' sh -c 'ls /etc/ssh/ssh_host_*_key | wc -l'
check 'who guesses is watched' 'Jail list: sshd' sh -c 'fail2ban-client status | grep -o "Jail list:.*"'
fail2ban-client set sshd banip 192.0.2.66 > /dev/null
for _ in $(seq 60); do
  ! nft list ruleset | grep -q '192[.]0[.]2[.]66' || break
  sleep 1
done
check 'and locked out' '192.0.2.66' sh -c "nft list ruleset | grep -o '192[.]0[.]2[.]66'"
check 'the firewall lets SSH in' 'tcp dport 22 accept' sh -c "nft list chain inet appliance input | grep 'dport 22'"
check 'timers are off' 'disabled disabled' systemctl is-enabled apt-daily.timer apt-daily-upgrade.timer
# The full kernel's wireless part looks for its table of countries when it is loaded.
modprobe cfg80211
sleep 2
check 'the kernel has its table of countries' '' sh -c "dmesg | grep -i 'failed to load regulatory'"
check 'it is the full kernel' 'amd64' sh -c 'uname -r | cut -d- -f3-'
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
