import * as vscode from 'vscode';
import type { Deployment } from '../../tickets/deployment.ts';
import type { DeploymentService } from '../../tickets/deploymentService.ts';
import type { Publication, PublicationStore } from '../../tickets/publication.ts';
import type { PublicationService } from '../../tickets/publicationService.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel } from '../../tickets/ticket.ts';
import { untilFinal } from '../../tickets/untilFinal.ts';
import { offer, runs, type ErrorReporter } from '../errors.ts';
import type { Generator } from '../generate/generateImage.ts';
import type { ImagesView } from '../images/list/view.ts';
import { inform } from '../messages.ts';
import { withProgress } from '../progress.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import type { Servers } from '../server/servers.ts';
import { publicationsFor } from './pickPublication.ts';

export interface PublisherOptions {
  readonly store: TicketStore;
  readonly publications: PublicationStore;
  readonly publishing: PublicationService;
  readonly deploying: DeploymentService;
  readonly servers: Servers;
  readonly generator: Generator;
  readonly view: ImagesView;
  readonly last: RememberedTexts;
  readonly errors: ErrorReporter;
}

/** From an image to a platform, and to a machine there. What asks the person is read when it is first needed. */
export class Publisher implements vscode.Disposable {
  readonly #options: PublisherOptions;
  readonly #stop = new AbortController();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  async publish(argument: unknown): Promise<Publication | undefined> {
    const { publishImage } = await import('./publishImage.ts');
    return await publishImage(argument, this.#context);
  }

  /** Asks for the same publication once more, with the account it named. */
  async again(args: readonly unknown[]): Promise<Publication | undefined> {
    const { store, publications, publishing, view } = this.#options;
    const imageOf = ({ server, aid, itid }: Publication) =>
      store.all().find((each) => each.server === server && each.aid === aid && each.itid === itid);
    const [publication] = await publicationsFor(args, publications, {
      title: vscode.l10n.t('Publish Again'),
      placeHolder: vscode.l10n.t('Publication to make once more'),
      none: vscode.l10n.t('This needs a publication that has ended and whose image is still on the server.'),
      fits: (each) => isFinal(each.state) && imageOf(each) !== undefined,
    });
    const ticket = publication && imageOf(publication);
    if (publication === undefined || ticket === undefined) return undefined;
    const outcome = await withProgress(vscode.l10n.t('Publish Again'), async (_report, signal) =>
      publishing.publish(ticket, await publishing.requestOf(publication, signal), signal),
    );
    if (outcome.kind === 'cancelled') return undefined;
    await view.show(outcome.value).catch(() => undefined);
    return outcome.value;
  }

  /**
   * Generates what a definition describes and publishes each image once it is done, as its builder says. The
   * command ends when the images are asked for; what follows goes on as long as the window is open.
   */
  async generateAndPublish(argument: unknown, format: unknown): Promise<void> {
    const { generator, store, errors } = this.#options;
    const tickets = (await generator.generateToPublish(argument, format)) ?? [];
    for (const ticket of tickets) {
      const follow = async (): Promise<void> => {
        const ended = await untilFinal(ticket, store, this.#stop.signal);
        if (ended?.state !== 'done') return;
        const { publishAsBuilt } = await import('./publishImage.ts');
        if ((await publishAsBuilt(ended, this.#context)) !== undefined) return;
        const said = vscode.l10n.t(
          '{0} is done. Its builder does not say all that publishing it takes.',
          applianceLabel(ended),
        );
        void offer(inform, said, [runs(vscode.l10n.t('Publish…'), 'publishImage', ended)]);
      };
      void follow().catch((error: unknown) => this.#stop.signal.aborted || errors.show(error));
    }
  }

  async deploy(args: readonly unknown[]): Promise<Deployment | undefined> {
    const { deployPublication } = await import('./deployPublication.ts');
    const { publications, deploying, servers, view } = this.#options;
    return await deployPublication(args, {
      publications,
      deploying,
      servers,
      reveal: (made) => view.show(made),
    });
  }

  dispose(): void {
    this.#stop.abort(new Error('The window closes.'));
  }

  get #context() {
    const { generator, view } = this.#options;
    return {
      ...this.#options,
      generateForPublishing: generator.generateForPublishing.bind(generator),
      reveal: (made: Publication) => view.show(made),
    };
  }
}
