import type { Clock } from '../../uforge/clock.ts';
import type { Dto, PublishImage } from '../../uforge/dto.ts';
import type { CredAccount } from '../store/cloudSecrets.ts';
import type { StoredFile } from '../store/ticketStore.ts';
import type { PlatformHttp } from './platformHttp.ts';

/** What it takes to talk to a platform for an account. */
export interface PlatformContext {
  /** With its secrets. */
  readonly account: CredAccount | undefined;
  readonly http: PlatformHttp;
  readonly clock: Clock;
  /** The forge's own: where a platform's tools have a variable for an address, ours have it, too. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What a publisher is given: the image's file, what was asked for, and whom to tell how it goes. */
export interface PublishWork {
  readonly path: string;
  readonly file: StoredFile;
  readonly request: PublishImage;
  /** The appliance's. */
  readonly name: string;
  readonly version: string;
  /** The image's target format, by its default name. */
  readonly targetFormat: string;
  /** Name and version of the appliance's system, for example `Debian 12`. */
  readonly distribution: string | undefined;
  /** A folder for this publication alone, removed when it ends; to be made first. */
  readonly workDir: string;
  readonly observer: PublishObserver;
}

/** How far something is, in bytes. */
export interface Transferred {
  readonly done: number;
  readonly total: number;
}

interface PublishObserver {
  progress(message: string, bytes?: Transferred): void;
  /**
   * What is half at the platform from now on, in words that `cleanUp` understands; undefined: nothing. It is
   * kept, so that a forge that is killed removes it when it is started again.
   */
  unfinished(what: string | undefined): void;
}

/** Where the image is at the platform, and what it is called there. */
export interface Published {
  readonly cloudId: string;
  readonly location?: string;
}

/** What talks to one kind of target platform. Everything rejects with a `PlatformError`. */
export interface Platform {
  /** What it has told as unfinished is removed for it, when it rejects or its signal is aborted. */
  publish(context: PlatformContext, work: PublishWork): Promise<Published>;
  /** Removes what a publication told as unfinished; what is gone already is fine. */
  cleanUp(context: PlatformContext, request: PublishImage, unfinished: string): Promise<void>;
  /** What the platform offers to the account; so it says, too, whether it lets the account in. */
  resources(context: PlatformContext): Promise<Dto<'CredAccountResources'>>;
  /** Absent: nothing is started there by the forge. */
  readonly machines?: Machines;
}

/** How a machine at a platform is. */
export interface MachineState {
  readonly state: 'starting' | 'running' | 'gone';
  /** Where it can be reached, as soon as it is known. */
  readonly address?: string;
  /** Why it is gone. */
  readonly message?: string;
}

/** Machines of what was published. */
export interface Machines {
  /** @returns its id at the platform */
  start(context: PlatformContext, machine: MachineWanted): Promise<string>;
  look(context: PlatformContext, request: PublishImage, id: string): Promise<MachineState>;
  /** One that is gone already is fine. */
  terminate(context: PlatformContext, request: PublishImage, id: string): Promise<void>;
}

export interface MachineWanted {
  /** The publication it is made of. */
  readonly request: PublishImage;
  readonly cloudId: string;
  readonly name: string;
  readonly instance: Dto<'Instance'> | undefined;
  /** The same for the same machine: it is not started twice. */
  readonly token: string;
}

export interface Publisher {
  /** The target platform's name, for example `OpenStack`. */
  readonly platform: string;
  /** Reads the code that talks to it: when it is first used. */
  readonly load: () => Promise<Platform>;
}
