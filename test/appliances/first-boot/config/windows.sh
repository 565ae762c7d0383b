#!/bin/sh
if true; then
  echo "SAID windows: ends"
fi
