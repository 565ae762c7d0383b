import type { Image } from '../uforge/dto.ts';
import type { Installation, Template } from '../appliance/template/model/template.ts';

/** What a build starts from. Paths are absolute. */
export interface BuildRequest {
  readonly template: Template;
  /** The unpacked template archive: `source` paths of the template are relative to it. */
  readonly filesDir: string;
  /** The body of machineImage_generate, as requested. Sizes are MB. */
  readonly image: Image;
  /** How the system is set up: the template's installation with what the image's install profile says over it. */
  readonly installation: Installation;
  readonly revision: number;
  /** Private to this build, exists, empty. Empty again after a failure or a cancel; holds only the artifact's files after a success. */
  readonly workDir: string;
  /** Shared by all builds, also at the same time: package index, `.deb` files, roots, disks. */
  readonly cacheDir: string;
  /** Bytes the cache may take, the package index aside; 0 keeps nothing. */
  readonly cacheLimit?: number;
}

/** A step of a build, as the ticket's status shows it. */
export interface BuildProgress {
  readonly stage: string;
  readonly message: string;
  /** Of the whole build, 0–100, never less than before. */
  readonly percentage: number;
  /** How long it should still take, from what the stages took last time on this computer; ms. */
  readonly remainingMs?: number;
  readonly bytesLoaded?: number;
  readonly bytesTotal?: number;
}

/** What a stage tells while it works. `fraction` is of the stage, 0 to 1; absent = as before. */
export interface StageReport {
  readonly fraction?: number;
  /** What is being done right now, for example "Unpacking nginx". */
  readonly activity?: string;
  readonly bytesLoaded?: number;
  readonly bytesTotal?: number;
}

/** Who watches a build. Neither method may throw. */
export interface BuildObserver {
  progress(progress: BuildProgress): void;
  /** One line of what the tools said; never a secret. */
  log(line: string): void;
  /** What a stage took, or whether the cache had what it makes. */
  measured?(figure: BuildFigure): void;
}

export type BuildFigure =
  | { readonly stage: string; readonly tookMs: number }
  | { readonly kind: string; readonly fromCache: boolean };

/** A package in the finished image, as dpkg knows it. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly release?: string;
  readonly arch: string;
  /** Installed size in bytes. */
  readonly size?: number;
  /** True when the OS profile or the template names it, false when a dependency brought it. */
  readonly profile: boolean;
}

/** A finished image. Hashes are lower-case hex. */
export interface Artifact {
  /** Inside the request's `workDir`. */
  readonly path: string;
  readonly fileName: string;
  /** Without the leading dot, for example `ova` or `raw.gz`. */
  readonly fileExtension: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly md5: string;
  readonly packages: readonly InstalledPackage[];
  /** A folder in `workDir` with files to hand out one by one, for images that are more than their file (PXE). */
  readonly filesDir?: string;
}

/** A build that failed: `message` is a sentence for a person, `detail` the last lines of the log. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly detail: string;

  constructor(message: string, detail = '', options?: ErrorOptions) {
    super(message, options);
    this.detail = detail;
  }
}
