import type { PublishImage } from '../../uforge/dto.ts';
import type { StoredFile } from '../store/ticketStore.ts';
import type { CredAccount } from '../store/cloudSecrets.ts';

/** What a publisher is given: the image's file, what was asked for, and the account with its secrets. */
export interface PublishWork {
  readonly path: string;
  readonly file: StoredFile;
  readonly request: PublishImage;
  readonly account: CredAccount | undefined;
}

/** Where the image is at the platform, and what it is called there. */
export interface Published {
  readonly cloudId: string;
  readonly location?: string;
}

interface PublishObserver {
  progress(percentage: number, message: string): void;
}

/** Registers images at one target platform. */
export interface Publisher {
  /** The target platform's name, for example `OpenStack`. */
  readonly platform: string;
  /**
   * Rejects with a sentence for a person; ends at once when `signal` is aborted and leaves nothing behind.
   */
  publish(work: PublishWork, observer: PublishObserver, signal: AbortSignal): Promise<Published>;
}

/** Every publisher the forge has. A new one is a file and a line here. */
export const publishers: readonly Publisher[] = [];
