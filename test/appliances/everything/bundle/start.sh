#!/bin/sh
echo "SCRIPT of the bundle"
echo bundle >> /var/lib/order
