#!/bin/bash
# What the forge runs for examples/nginx, without the forge: no cache, no checks, no progress, not the same bytes twice.
# plain.sh FOLDER SOURCES PACKAGE,… MB
set -euo pipefail
folder=$1 sources=$2 packages=$3 megabytes=$4
disk="$folder/disk.raw" root="$folder/root"
mmdebstrap --mode=root --variant=apt --format=directory --quiet --include="$packages" --dpkgopt=force-unsafe-io \
  --aptopt='Acquire::Languages "none"' --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
  --customize-hook='echo nginx > "$1/etc/hostname"' \
  --customize-hook='echo root:appliance | chroot "$1" chpasswd' \
  --customize-hook='chroot "$1" systemctl enable systemd-networkd' \
  --customize-hook='mkdir -p "$1/boot/grub"; echo "linux /vmlinuz root=/dev/vda2" > "$1/boot/grub/grub.cfg"' \
  bookworm "$root" "$sources"
rm -rf "$root"/dev/*
truncate -s "${megabytes}M" "$disk"
printf 'label: dos\nstart=2048, size=65536, type=ef\nstart=67584, type=83, bootable\n' | sfdisk --quiet "$disk"
mke2fs -q -F -t ext4 -d "$root" -E offset=$((67584 * 512)),nodiscard "$disk" "$(((megabytes - 33) * 1024))k"
modules='normal configfile search search_fs_uuid part_msdos part_gpt ext2 linux echo test serial terminal ls reboot halt'
grub-mkimage -O i386-pc -p '(hd0,msdos2)/boot/grub' -o "$folder/core.img" biosdisk $modules
dd if=/usr/lib/grub/i386-pc/boot.img of="$disk" bs=440 count=1 conv=notrunc status=none
dd if="$folder/core.img" of="$disk" bs=512 seek=1 conv=notrunc status=none
grub-mkimage -O x86_64-efi -p '(hd0,msdos2)/boot/grub' -o "$folder/bootx64.efi" fat efi_gop all_video $modules
export MTOOLS_SKIP_CHECK=1
mformat -i "$disk@@1M" -h 64 -s 32 -T 65536 ::
mmd -i "$disk@@1M" ::/EFI ::/EFI/BOOT
mcopy -i "$disk@@1M" "$folder/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
qemu-img convert -f raw -O qcow2 -c -m 16 -W -o compression_type=zstd "$disk" "$folder/disk.qcow2"
sha256sum "$folder/disk.qcow2" > "$folder/sum"
