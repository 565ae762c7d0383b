import type { Dto } from '../uforge/dto.ts';

/** Something a platform has: what is sent, and what a person calls it. */
export interface Offer {
  readonly value: string;
  readonly label: string;
}

/** Where in `cloudResources` a field's values are: a list, and what of its items is the value and the name. */
const places: Readonly<
  Record<string, { readonly list: string; readonly value: string; readonly label?: string }>
> = {
  datastore: { list: 'datastoresNames', value: 'name' },
  esxHost: { list: 'hosts', value: 'name' },
  flavorId: { list: 'flavors', value: 'id', label: 'name' },
  network: { list: 'networksNames', value: 'name' },
  networkId: { list: 'networks', value: 'id', label: 'name' },
  region: { list: 'regionsEntities', value: 'regionName' },
  tenantName: { list: 'tenants', value: 'name' },
  zoneName: { list: 'zones', value: 'name' },
};

/** What a platform offers for a field of a publication or a deployment, each once; none where it does not say. */
export function offersFor(
  { resources = [], cloudResources }: Dto<'CredAccountResources'>,
  field: string,
): readonly Offer[] {
  const flat = resources
    .filter(({ type }) => type?.toLowerCase() === field.toLowerCase())
    .map(({ key = '', value = '' }) => ({ value: key || value, label: value || key }));
  const place = places[field];
  const deep =
    place === undefined
      ? []
      : itemsOf(cloudResources, place.list).map((item): Offer => {
          const value = textAt(item, place.value);
          const label = place.label === undefined ? '' : textAt(item, place.label);
          return { value, label: label === '' ? value : label };
        });
  const all = [...flat, ...deep].filter(({ value }) => value !== '');
  return [...new Map(all.map((offer) => [offer.value, offer])).values()];
}

/** The items of every list of that name, however deep it is. */
function itemsOf(value: unknown, list: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => itemsOf(each, list));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
    name === list && Array.isArray(each) ? (each as unknown[]) : itemsOf(each, list),
  );
}

function textAt(item: unknown, name: string): string {
  if (typeof item === 'string') return item;
  const value =
    typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}
