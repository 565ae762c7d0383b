import { putIntoDisk, type Writer } from './writer.ts';

/** --rootdir takes owners, rights, dates and attributes along; hard links become files of their own. */
const script = `
truncate -s "$SIZE" "$FOLDER/volume"
options=()
[ -z "$LABEL" ] || options+=(--label "$LABEL")
mkfs.btrfs --quiet --force --metadata single --uuid "$UUID" "\${options[@]}" --rootdir "$ROOT" "$FOLDER/volume"
${putIntoDisk}`;

export const btrfs: Writer = { script, isBesideDisk: true };
