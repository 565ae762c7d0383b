#!/bin/sh
# Runs once, at the first boot. What it prints goes to the console, the serial port included.
set -eu

systemctl start nginx.service
version=$(dpkg-query --show --showformat='${Version}' nginx)
echo "APPLIANCE-READY nginx ${version}"
