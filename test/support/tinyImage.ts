import { writeFile } from 'node:fs/promises';

/** What it says on its serial console: its name in green, and a prompt. */
const said = '\x1b[32mtiny\x1b[0m 1.0 ttyS0\r\n\r\ntiny login: \0';

/**
 * The smallest image that is a machine: a boot sector that says something on the serial console and then sends
 * back what is typed. For tests that need a machine and not what is in it; it is up in a second.
 */
export async function writeTinyImage(path: string): Promise<void> {
  const code = [
    ...[0xfa, 0x31, 0xc0, 0x8e, 0xd8], // cli; xor ax, ax; mov ds, ax
    ...[0xbe, 0x00, 0x00], // mov si, text
    ...[0xba, 0xf8, 0x03], // mov dx, COM1
    ...[0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8], // say: lodsb; test al, al; jz echo; out dx, al; jmp say
    ...[0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xfb], // echo: mov dx, status; wait: in al, dx; test al, 1; jz wait
    ...[0xba, 0xf8, 0x03, 0xec, 0xee, 0xeb, 0xf1], // mov dx, COM1; in al, dx; out dx, al; jmp echo
  ];
  const disk = Buffer.alloc(2 ** 20);
  Buffer.from(code).copy(disk);
  disk.writeUInt16LE(0x7c00 + code.length, 6);
  disk.write(said, code.length, 'latin1');
  disk.writeUInt16LE(0xaa55, 510);
  await writeFile(path, disk);
}
