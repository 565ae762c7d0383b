import { InputError } from '../generate/inputError.ts';
import type { GuestShell, ImageFile, Login, Machine } from '../machines/index.ts';

/** A machine that an agent has started. */
interface AgentMachine {
  readonly machine: Machine;
  readonly login: Login | undefined;
  shell?: Promise<GuestShell>;
}

/** The machines that agents have started. They end with whoever holds this. */
export class AgentMachines implements AsyncDisposable {
  readonly #running = new Map<string, AgentMachine>();
  readonly #show: ((machine: Machine) => Promise<void>) | undefined;

  /** @param show hands a machine to whoever shows it to the person, and disposes of it after its end */
  constructor(show?: (machine: Machine) => Promise<void>) {
    this.#show = show;
  }

  async start(
    image: ImageFile,
    login: Login | undefined,
    options: { readonly signal: AbortSignal; readonly progress: (message: string) => void },
  ): Promise<Machine> {
    // Loaded here alone: an agent that starts no machine does not pay for it.
    const { startMachine } = await import('../machines/index.ts');
    const { signal, progress } = options;
    const machine = await startMachine(image, {
      signal,
      // The person may want to keep what it has written.
      keepChanges: this.#show !== undefined,
      progress: (said) => progress(said.toString()),
    });
    this.#running.set(machine.id, { machine, login });
    void machine.ended.then(() => this.#running.delete(machine.id));
    await this.#show?.(machine);
    return machine;
  }

  /** Root's shell in a machine, once it lets anybody in; the same for every call. @throws {InputError} where it does not run */
  async shell(id: string, signal: AbortSignal): Promise<GuestShell> {
    const running = this.#named(id);
    const { openShell } = await import('../machines/index.ts');
    const shell = (running.shell ??= openShell(running.machine, running.login, signal));
    try {
      return await shell;
    } catch (error) {
      // Whoever asks next may be more patient.
      delete running.shell;
      throw error;
    }
  }

  /** Ends a machine at once. */
  async stop(id: string): Promise<void> {
    const { machine } = this.#named(id);
    await (this.#show === undefined ? machine[Symbol.asyncDispose]() : machine.stop());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ machine }) => machine[Symbol.asyncDispose]()));
  }

  #named(id: string): AgentMachine {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    const ids = [...this.#running.keys()];
    const others = ids.length === 0 ? 'None runs: call start_image.' : `These run: ${ids.join(', ')}.`;
    throw new InputError(`There is no machine “${id}” that an agent has started. ${others}`);
  }
}
