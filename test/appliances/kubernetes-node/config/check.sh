#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

# An image of the machine's own files: there is no network here.
image="$(mktemp -d)"
cd "$image" || exit 1
mkdir layer
cp --parents /bin/echo /bin/cat $(ldd /bin/echo | grep -o '/lib[^ ]*') layer
tar -C layer -cf layer.tar .
sum="$(sha256sum layer.tar | cut -c -64)"
echo '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:'"$sum"'"]}}' > config.json
echo '[{"Config":"config.json","RepoTags":["docker.io/library/tiny:1"],"Layers":["layer.tar"]}]' > manifest.json
tar -cf image.tar manifest.json config.json layer.tar

check 'containerd runs' 'active' systemctl is-active containerd.service
check 'kubelets can talk to it' 'ok' sh -c "ctr plugins ls | awk '\$2 == \"cri\" { print \$NF }'"
check 'cgroups are systemd’s' 'true' sh -c "containerd config dump | grep -m 1 'SystemdCgroup' | grep -o 'true'"
check 'cgroups are version 2' 'cgroup2fs' stat -fc %T /sys/fs/cgroup
check 'an image is imported' 'docker.io/library/tiny:1' \
  sh -c "ctr -n k8s.io images import '$image/image.tar' > /dev/null; ctr -n k8s.io images ls -q | grep tiny"
check 'a container runs' 'hello from inside' \
  ctr -n k8s.io run --rm docker.io/library/tiny:1 one /bin/echo hello from inside
check 'it is in a slice of systemd, under a profile of AppArmor' '0::/kubepods.slice/node-two.scope node (enforce)' \
  ctr -n k8s.io run --rm --runc-systemd-cgroup --cgroup kubepods.slice:node:two --apparmor-default-profile node \
  docker.io/library/tiny:1 two /bin/cat /proc/1/cgroup /proc/1/attr/current
ip netns add pod
echo '{"cniVersion":"1.0.0","name":"pods","type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true,
  "ipam":{"type":"host-local","subnet":"10.244.0.0/24","routes":[{"dst":"0.0.0.0/0"}]}}' |
  CNI_COMMAND=ADD CNI_CONTAINERID=pod CNI_NETNS=/run/netns/pod CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni \
    /usr/lib/cni/bridge > /dev/null
check 'a pod reaches what is outside' '1 received' \
  sh -c "ip netns exec pod ping -c 1 -W 10 10.0.2.2 | grep -o '1 received'"
check 'modules' 'br_netfilter overlay' sh -c "lsmod | awk '{ print \$1 }' | grep -x -e overlay -e br_netfilter | sort"
check 'parameters of bridges, which a module brings' '1 1 1' \
  sysctl -n net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables net.ipv4.ip_forward
check 'no swap' '' swapon --show --noheadings
check 'tools of the kubelet' '' \
  sh -c 'for tool in conntrack ebtables ethtool iptables socat mount nsenter; do command -v $tool > /dev/null || echo $tool; done'
check 'mounts are shared' 'shared' findmnt -no PROPAGATION /
check 'name' 'node-1' hostname
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
