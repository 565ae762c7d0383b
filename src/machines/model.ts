import type { Sentence } from '../uforge/language/sentence.ts';

/** A finished image's file and what it was made for. */
export interface ImageFile {
  readonly path: string;
  /** As in `targetFormat/name`, e.g. “VirtualBox”. Where nobody knows, `imageFileAt` guesses it. */
  readonly targetFormat: string;
  /** MB of the request or template, where known. */
  readonly memoryMb?: number;
  readonly cpus?: number;
  /** How many network cards it was made for; 1 unless told. Only the first leads anywhere. */
  readonly cards?: number;
  /** The folder with what a PXE script names; else `files` beside it, or where it is itself. */
  readonly filesDir?: string;
}

export interface Port {
  readonly guest: number;
  /** Any free one unless told. */
  readonly host?: number;
}

export interface StartOptions {
  /** Besides 22, which is forwarded always but to containers. */
  readonly ports?: readonly Port[];
  readonly memoryMb?: number;
  /** `bios` unless told. */
  readonly firmware?: 'bios' | 'uefi';
  /** What an earlier machine of this computer has proven; else KVM is tried, then QEMU's own processor. */
  readonly accelerator?: Accelerator;
  /** What the machine writes stays until it is disposed of, not only until it ends: `saveAs` works then. */
  readonly keepChanges?: boolean;
  /** A CD in the drive (ISO), for example with settings for cloud-init. */
  readonly cd?: string;
  /** What clouds tell their machines by: what the firmware says (`-smbios`), and who answers at 169.254.169.254. */
  readonly cloud?: { readonly smbios: string; readonly metadataPort: number };
  /** Where unpacked images are kept; the user's cache folder unless given. */
  readonly cacheDir?: string;
  readonly progress?: (message: Sentence) => void;
  /** What the console says, from its first byte; again from the start where KVM turns out not to work. */
  readonly onText?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface Access {
  readonly user: string;
  readonly keyFile: string;
  /** Of this computer. */
  readonly port: number;
}

/** A port of this computer (127.0.0.1) that leads to one of the machine. */
export interface Forwarded {
  readonly guest: number;
  readonly host: number;
}

export type Accelerator = 'kvm' | 'tcg';

export type MachineState = 'starting' | 'running' | 'paused' | 'ended';

/** Why it ended. */
export interface MachineEnd {
  readonly kind: 'poweredOff' | 'stopped' | 'panicked' | 'failed';
  readonly said: Sentence;
  /** What was said, in English. */
  readonly message: string;
  /** The console's last lines, or what QEMU said. */
  readonly detail?: string;
}

export interface MachineConsole {
  /** The last of what was said (up to 1 MB). */
  readonly text: string;
  onText(listener: (text: string) => void): Disposable;
  write(text: string): void;
  /**
   * Resolves with what matched of what was said since the last `write` or `reset`.
   * @throws {MachineError} when the machine ends, time is up, or a kernel has given up
   */
  until(pattern: RegExp, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<string>;
}

export interface Machine extends AsyncDisposable {
  readonly id: string;
  readonly image: ImageFile;
  /** Containers run on this computer's own kernel. */
  readonly accelerator: Accelerator | 'container';
  readonly state: MachineState;
  /** ms since 1970. */
  readonly startedAt: number;
  /** 0 for containers without a limit. */
  readonly memoryMb: number;
  readonly console: MachineConsole;
  /** A Unix socket that speaks VNC; absent for containers. */
  readonly screen?: string;
  readonly ports: readonly Forwarded[];
  /** @throws {MachineError} when the port of this computer is taken */
  forward(guest: number, host?: number): Promise<Forwarded>;
  /**
   * A private key file and the user it was handed in for. An image takes it with systemd 252 or later (Debian 12, 13) and
   * an SSH server; with others SSH asks for a password as ever. Absent where this computer has no OpenSSH.
   */
  readonly access?: Access | undefined;
  readonly ended: Promise<MachineEnd>;
  /** After state, ports or access have changed. */
  onChange(listener: () => void): Disposable;
  /** The guest shuts down, if it listens. */
  powerButton(): Promise<void>;
  reset(): Promise<void>;
  /** At once. */
  stop(): Promise<void>;
  /**
   * A standalone image of the same disk format with what the machine has written; a running machine pauses meanwhile.
   * Further disks get `-disk2` … into their names.
   */
  saveAs(
    path: string,
    options?: { progress?: (percent: number) => void; signal?: AbortSignal },
  ): Promise<void>;
}

/** Runs a command in the guest: over SSH where `access` is there, else in the root shell its console logs in to. */
export interface GuestShell {
  run(
    command: string,
    limits: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}
