import type { Tracked } from './tracked.ts';
import { isTracked, TrackedStore, type Persistence } from './trackedStore.ts';

/**
 * A machine made of a publication. It is `done` when it runs (UForge says `running`) and `failed` when it does
 * not (`on-fire`); its message is the server's word for its state.
 */
export interface Deployment extends Tracked {
  /** Its id: a text the server chooses. */
  readonly did: string;
  readonly name: string;
  /** URI of what it was made of. */
  readonly source: string;
  /** Where it answers: a host name or an IP address. */
  readonly address?: string;
  /** Whom to log in as, where the server says. */
  readonly login?: string;
  /** What the platform calls the machine. */
  readonly instanceId?: string;
  readonly pending?: 'terminate';
}

/** All deployments this user knows of. */
export class DeploymentStore extends TrackedStore<Deployment> {
  constructor(persistence: Persistence<Deployment>, onSaveFailed: (error: unknown) => void) {
    super(isDeployment, persistence, onSaveFailed);
  }
}

function isDeployment(value: unknown): value is Deployment & Record<string, unknown> {
  return isTracked(value, ['did', 'name', 'source'] satisfies readonly (keyof Deployment)[]);
}
