#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

for _ in $(seq 60); do
  ! ip -o -4 address show dev eth0 scope global | grep -q inet || break
  sleep 1
done
check 'the card inside has its address' '10.9.8.1/24' sh -c "ip -o -4 address show dev eth1 | awk '{ print \$4 }'"
check 'the card outside has one' '10.0.2.15/24' sh -c "ip -o -4 address show dev eth0 | awk '{ print \$4 }'"
check 'forwarding is on' '1 1' sysctl -n net.ipv4.ip_forward net.ipv4.conf.all.rp_filter
check 'rules were there from the start' 'active enabled' \
  sh -c 'systemctl is-active nftables.service; systemctl is-enabled nftables.service'
check 'DHCP and DNS' 'active enabled' sh -c 'systemctl is-active dnsmasq.service; systemctl is-enabled dnsmasq.service'
check 'the root is a fifth partition of a GPT' 'gpt /dev/vda5' sh -c 'blkid -p -s PTTYPE -o value /dev/vda; findmnt -no SOURCE /'
check 'and has all of the larger disk' '5' sh -c 'echo $(($(stat -fc "%b * %S" /) >> 30))'
check 'its table is whole' 'No errors detected' sh -c "sfdisk --verify /dev/vda | grep -o 'No errors detected'"

# The second card leads nowhere here: a cable to a client in a name space of its own takes its name.
ip link set eth1 down
ip link set eth1 name unplugged
ip netns add client
ip link add eth1 type veth peer name lan netns client
client() { ip netns exec client "$@"; }
client ip link set lo up
client ip link set lan up
for _ in $(seq 60); do
  ! ip -o -4 address show dev eth1 scope global | grep -q inet || break
  sleep 1
done
check 'another card in its place has its address' '10.9.8.1/24' \
  sh -c "ip -o -4 address show dev eth1 | awk '{ print \$4 }'"
client dhclient -1 -sf /bin/true -v lan > /tmp/lease 2>&1
check 'a client gets an address' 'bound to 10.9.8.1' sh -c "grep -o 'bound to 10[.]9[.]8[.]1' /tmp/lease"
client ip address add 10.9.8.150/24 dev lan
client ip route add default via 10.9.8.1
check 'a client reaches what is outside' '1 received' \
  sh -c "ip netns exec client ping -c 1 -W 10 10.0.2.2 | grep -o '1 received'"
check 'under the address of the router' 'yes' \
  sh -c "nft list chain inet router outgoing | grep -q 'packets [1-9]' && echo yes"
client bash -c 'timeout 3 true < /dev/tcp/10.0.2.2/25' 2> /dev/null
check 'but for mail' 'yes' sh -c "nft list chain inet router forward | grep -q 'packets [1-9].*drop' && echo yes"
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
