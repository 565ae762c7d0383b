#!/bin/bash
# Says at each boot what is there, one line for each question.
said() { echo "SAID $1: $(eval "$2" 2>&1 | xargs)"; }
said target 'systemctl is-active multi-user.target'
said failed "systemctl --failed --plain --no-legend | awk '{ print \$1 }'"
said kept 'cat /tmp/site/hello'
said build 'ls /etc/dpkg/dpkg.cfg.d/99mmdebstrap /etc/apt/apt.conf.d/99mmdebstrap /etc/.resolv.conf.systemd-resolved.bak 2> /dev/null | wc -l'
said certificate 'openssl verify -CAfile /etc/ssl/certs/ssl-cert-snakeoil.pem /etc/ssl/certs/ssl-cert-snakeoil.pem | cut -d" " -f2'
said key 'stat -c "%a %U:%G" /etc/ssl/private/ssl-cert-snakeoil.key'
said rndc 'stat -c "%a %U:%G" /etc/bind/rndc.key; rndc status | tail -n 1'
said fingerprints 'sha256sum /etc/ssl/private/ssl-cert-snakeoil.key /etc/bind/rndc.key /etc/iscsi/initiatorname.iscsi | cut -c -16'
sync
echo REPORTED
