import { putIntoDisk, type Writer } from './writer.ts';

const script = `
truncate -s "$SIZE" "$FOLDER/volume"
options=()
[ -z "$LABEL" ] || options+=(-L "$LABEL")
mkswap --quiet -U "$UUID" "\${options[@]}" "$FOLDER/volume"
${putIntoDisk}`;

export const swap: Writer = { script };
