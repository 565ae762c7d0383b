#!/bin/sh
# The machine starts again, and this is done.
sync
systemctl reboot
