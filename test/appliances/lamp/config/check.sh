#!/bin/sh
# One line for each thing, on the console: CHECK ok, or CHECK BAD with what was found.
check() {
  name="$1" expected="$2"
  shift 2
  found="$("$@" 2>&1 | xargs)"
  if [ "$found" = "$expected" ]; then echo "CHECK ok $name"; else echo "CHECK BAD $name: $found"; fi
}

certificate=/etc/ssl/certs/ssl-cert-snakeoil.pem
page() { curl --silent --show-error --max-time 30 "$@"; }
check 'the page comes from the database' 'coffee tea' page http://localhost/shop.php
check 'over HTTPS, with the certificate of this machine' 'coffee tea' \
  page --cacert "$certificate" "https://$(hostname)/shop.php" --resolve "$(hostname):443:127.0.0.1"
check 'the certificate names this machine' 'subject=CN = lamp' openssl x509 -noout -subject -in "$certificate"
check 'others do not read the password' '640 root www-data' stat -c '%a %U %G' /etc/shop.ini
check 'nor the page' '640 root www-data' stat -c '%a %U %G' /var/www/html/shop.php
check 'the database listens here only' '127.0.0.1:3306' \
  sh -c "ss -Hltn sport = :3306 | awk '{ print \$4 }'"
check 'the firewall lets the web in' 'tcp dport { 80, 443 } accept' \
  sh -c "nft list chain inet appliance input | grep '443'"
check 'and the database not' 'policy drop' sh -c "nft list chain inet appliance input | grep -o 'policy [a-z]*'"
check 'services' 'active active' systemctl is-active apache2.service mariadb.service
check 'both start at boot' 'enabled enabled' systemctl is-enabled apache2.service mariadb.service
check 'time zone' 'Europe/Paris' sh -c 'readlink /etc/localtime | cut -d/ -f5-'
check 'no unit has failed' '' systemctl --failed --plain --no-legend
echo 'CHECK-DONE'
