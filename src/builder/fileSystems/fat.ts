import type { Writer } from './writer.ts';

/** FAT has neither owners nor links: what is no plain file ends the build. */
const script = `
export MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH="$EPOCH"
options=(-h 64 -s 32 -T $((SIZE / 512)) -N "$ID")
[ "$MBR_TYPE" = e ] || options+=(-F)
[ -z "$LABEL" ] || options+=(-v "$LABEL")
mformat -i "$DISK@@$START" "\${options[@]}" ::
if [ -e "$EFI" ]; then
  mmd -i "$DISK@@$START" ::/EFI ::/EFI/BOOT
  mcopy -i "$DISK@@$START" "$EFI" ::/EFI/BOOT/BOOTX64.EFI
fi
if [ -n "$ROOT" ] && [ -n "$(ls -A "$ROOT")" ]; then
  other="$(find "$ROOT" ! -type f ! -type d -print -quit)"
  [ -z "$other" ] || { echo "E: FAT has no links: \${other#"$ROOT"}" >&2; exit 1; }
  mcopy -i "$DISK@@$START" -s -n -m "$ROOT"/* ::/
fi
`;

export const fat: Writer = { script };

/** A serial number of eight hex digits in the place of a UUID. */
export function fatId(uuid: string): string {
  return uuid.slice(0, 8);
}
