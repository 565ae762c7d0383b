#!/bin/sh
echo "SCRIPT failing says why"
exit 3
