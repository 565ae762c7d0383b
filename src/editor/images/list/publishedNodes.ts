import type { Deployment } from '../../../tickets/deployment.ts';
import type { Publication } from '../../../tickets/publication.ts';
import { keyOf, type Tracked, type TrackedId } from '../../../tickets/tracked.ts';
import type { DeploymentNode, LooseNode, PublicationNode, TicketNode } from './nodes.ts';

/** Keeps the rows for publications, each under its image, and for deployments, each under its publication. */
export class PublishedNodes {
  readonly loose: LooseNode = { kind: 'loose', id: 'loose', tickets: [], rows: [] };
  #publications = new Map<string, PublicationNode>();
  #deployments = new Map<string, DeploymentNode>();
  #byTicket: ReadonlyMap<TicketNode, readonly PublicationNode[]> = new Map();

  /** Newest first. */
  under(ticket: TicketNode): readonly PublicationNode[] {
    return this.#byTicket.get(ticket) ?? [];
  }

  nodeOf(record: TrackedId): PublicationNode | DeploymentNode | undefined {
    const key = keyOf(record);
    return this.#publications.get(key) ?? this.#deployments.get(key);
  }

  /**
   * Takes over all there are now.
   * @param placeOf the row of a publication's image; `hidden` where the image is there and not shown
   */
  rebuild(
    publications: readonly Publication[],
    deployments: readonly Deployment[],
    placeOf: (publication: Publication) => TicketNode | 'hidden' | undefined,
  ): void {
    const before = { publications: this.#publications, deployments: this.#deployments };
    this.#publications = new Map();
    this.#deployments = new Map();
    const byTicket = new Map<TicketNode, PublicationNode[]>();
    const loose: (PublicationNode | DeploymentNode)[] = [];
    const bySource = new Map<string, PublicationNode | 'hidden'>();
    for (const publication of publications.toSorted(newestFirst)) {
      const place = placeOf(publication);
      const key = keyOf(publication);
      if (place === 'hidden') {
        bySource.set(key, 'hidden');
        continue;
      }
      const parent = place ?? this.loose;
      const known = before.publications.get(key);
      const node: PublicationNode =
        known?.parent === parent
          ? known
          : { kind: 'publication', id: `publication:${key}`, parent, publication, deployments: [] };
      node.publication = publication;
      node.deployments = [];
      this.#publications.set(key, node);
      bySource.set(key, node);
      if (place === undefined) loose.push(node);
      else byTicket.set(place, [...(byTicket.get(place) ?? []), node]);
    }
    for (const deployment of deployments.toSorted(newestFirst)) {
      const place = bySource.get(`${deployment.server}/${deployment.source}`);
      if (place === 'hidden') continue;
      const parent = place ?? this.loose;
      const key = keyOf(deployment);
      const known = before.deployments.get(key);
      const node: DeploymentNode =
        known?.parent === parent
          ? known
          : { kind: 'deployment', id: `deployment:${key}`, parent, deployment };
      node.deployment = deployment;
      this.#deployments.set(key, node);
      if (place === undefined) loose.push(node);
      else place.deployments = [...place.deployments, node];
    }
    this.#byTicket = byTicket;
    this.loose.rows = loose;
  }
}

/** Dates are ISO texts in UTC, so they compare as they are. */
function newestFirst(a: Tracked, b: Tracked): number {
  return a.created === b.created ? b.uri.localeCompare(a.uri) : b.created.localeCompare(a.created);
}
