#!/bin/sh
echo "SAID failing: tried"
exit 3
