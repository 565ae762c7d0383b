#!/bin/sh
echo "SCRIPT first, every boot"
echo first >> /var/lib/order
