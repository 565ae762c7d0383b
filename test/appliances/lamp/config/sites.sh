#!/bin/sh
# While the image is made: the sites that are on.
set -eu
a2enmod --quiet ssl
a2ensite --quiet "$1"
