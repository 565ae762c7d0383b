#!/bin/sh
echo "SCRIPT second, first boot"
echo second >> /var/lib/order
