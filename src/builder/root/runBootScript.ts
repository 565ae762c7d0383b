/** The program in the appliance that runs boot scripts. */
export const runBootScript = '/usr/lib/appliance-forge/run-boot-script';

/** What goes before the entrypoint of a container. */
export const containerStart = '/usr/lib/appliance-forge/start';

/** Where the scripts themselves are in the appliance. */
export const scriptFolder = '/usr/lib/appliance-forge/boot';

/** What the machine remembers of its boots. */
export const stateFolder = '/var/lib/appliance-forge';

/** How often a first-boot script is tried. */
const attempts = 3;

/**
 * POSIX shell: NAME FREQUENCY SECONDS. For units and, in containers, for the program that goes before the entrypoint. A
 * shutdown waits for a first-boot script's end as long as systemd lets it: it may have asked for the restart itself.
 */
export const runBootScriptText = `#!/bin/sh
# Runs a boot script, one of the first boot until it has succeeded or failed ${attempts} times. Written by Appliance Forge.
name="$1" frequency="$2" seconds="$3"
done="${stateFolder}/$name.done" tried="${stateFolder}/$name.tried"
again=''
if [ "$frequency" = firstboot ]; then
  [ ! -e "$done" ] || exit 0
  attempt=$(($(cat "$tried" 2> /dev/null || echo 0) + 1))
  if [ "$attempt" -gt ${attempts} ]; then
    echo "$name has failed ${attempts} times and is not run any more. Mend it, remove $tried and start again." >&2
    exit 1
  fi
  mkdir -p ${stateFolder}
  echo "$attempt" > "$tried"
  again=" It is tried again at the next boot."
  [ "$attempt" -lt ${attempts} ] || again=" It has failed ${attempts} times and is not tried again."
fi
trap : TERM
timeout --kill-after=10 "$seconds" "${scriptFolder}/$name" &
while :; do
  wait $!
  code=$?
  kill -0 $! 2> /dev/null || break
done
case "$code" in
  0) [ "$frequency" != firstboot ] || { : > "$done"; rm -f "$tried"; } ;;
  124 | 137) echo "$name did not end within $seconds seconds and was ended.$again" >&2 ;;
  *) echo "$name has failed with exit code $code.$again" >&2 ;;
esac
exit "$code"
`;
