#!/bin/sh
echo "SAID hanging: tried"
sleep 100000
