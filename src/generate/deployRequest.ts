import type { KindField } from '../appliance/catalog/publishKinds.ts';
import { valueOf } from '../appliance/catalog/publishKinds.ts';
import type { Dto, TypeName } from '../uforge/dto.ts';

/**
 * What a machine at a platform is described with, by the type of the publication. Source: hammr 3.8.13,
 * deployment_utils.py (AWS, Azure, OpenStack), and the schema's fields.
 */
const machines: Readonly<Record<string, { readonly type: TypeName; readonly fields: readonly KindField[] }>> =
  {
    PublishImageAws: {
      type: 'InstanceAmazon',
      fields: [number('cores'), number('memory'), text('instanceType'), text('sshKeyName')],
    },
    PublishImageAzure: {
      type: 'InstanceAzure',
      fields: [
        { ...text('userName'), required: true },
        number('cores'),
        number('memory'),
        text('userSshKey'),
        { ...text('userPassword'), secret: true },
      ],
    },
    PublishImageCloudStack: {
      type: 'InstanceCloudStack',
      fields: [text('offeringName'), text('zoneId'), text('networkId'), text('sshKeyName')],
    },
    PublishImageOpenStack: {
      type: 'InstanceOpenStack',
      fields: [
        text('region'),
        { ...text('flavorId'), required: true },
        text('networkId'),
        text('sshKeyName'),
      ],
    },
  };

const anyMachine = { type: 'Instance', fields: [number('cores'), number('memory')] } as const;

/** What there is to say of a machine besides its name. */
export function machineFields(publishType: string): readonly KindField[] {
  return (machines[publishType] ?? anyMachine).fields;
}

/** The request for a machine. @param values texts by the names of fields, `name` among them */
export function deployRequest(
  publishType: string,
  values: Readonly<Record<string, string>>,
): Dto<'Deployment'> {
  const { type, fields } = machines[publishType] ?? anyMachine;
  const said = fields.flatMap((field) => {
    const value = values[field.name] ?? '';
    return value === '' ? [] : [[field.name, valueOf(field, value)]];
  });
  return {
    name: values['name'] ?? '',
    instances: [{ ...(Object.fromEntries(said) as object), $type: type }],
  };
}

function text(name: string): KindField {
  return { name, required: false, secret: false, type: 'text', builderKeys: [name] };
}

function number(name: string): KindField {
  return { ...text(name), type: 'number' };
}
