import type { TypeName } from '../../uforge/dto.ts';

/** The target platform a kind of publication goes to, by its default name (the portal's). */
const platforms: Readonly<Partial<Record<TypeName, string>>> = {
  PublishImageAws: 'Amazon',
  PublishImageAzure: 'Microsoft Azure',
  PublishImageCloudStack: 'CloudStack',
  PublishImageCloudwatt: 'Cloudwatt',
  PublishImageDocker: 'Docker',
  PublishImageGoogle: 'Google Compute Engine',
  PublishImageK5: 'K5',
  PublishImageOpenShift: 'OpenShift',
  PublishImageOpenStack: 'OpenStack',
  PublishImageOracle: 'Oracle',
  PublishImageOutscale: 'Outscale',
  PublishImageSuseCloud: 'Suse Cloud',
  PublishImageVCloudDirector: 'VMware vCloud Director',
  PublishImageVSphere: 'VMware vCenter',
};

/** @param kind of a publication or of an account */
export function platformOf(kind: TypeName): string {
  const name = kind.replace(/^(PublishImage|CredAccount)/, '');
  return platforms[`PublishImage${name}` as TypeName] ?? name;
}
