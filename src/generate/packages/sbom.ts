import type { ListedPackage } from './packageList.ts';

/** What a bill of materials is about: an image. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  readonly targetFormat: string;
  /** `Debian 12`, if the server says. */
  readonly distribution?: string | undefined;
  readonly fileName?: string | undefined;
  /** Of the image file, lower-case hex. */
  readonly sha256?: string | undefined;
  readonly packages: readonly ListedPackage[];
  readonly created: Date;
  /** A fresh UUID. */
  readonly id: string;
}

const tool = 'Appliance Forge';

/** A CycloneDX 1.6 bill of materials, as an object for JSON. */
export function cycloneDx(subject: Subject): object {
  const { name, version, targetFormat, sha256, packages, created, id } = subject;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${id}`,
    version: 1,
    metadata: {
      timestamp: created.toISOString(),
      tools: { components: [{ type: 'application', name: tool }] },
      component: {
        type: 'operating-system',
        'bom-ref': 'image',
        name,
        version,
        ...(sha256 !== undefined && { hashes: [{ alg: 'SHA-256', content: sha256 }] }),
        properties: [{ name: 'appliance-forge:targetFormat', value: targetFormat }],
      },
    },
    components: packages.map((each) => ({
      type: 'library',
      'bom-ref': purl(each, subject),
      name: each.name,
      version: each.version,
      purl: purl(each, subject),
    })),
    dependencies: [{ ref: 'image', dependsOn: packages.map((each) => purl(each, subject)) }],
  };
}

/** An SPDX 2.3 document, as an object for JSON. */
export function spdx(subject: Subject): object {
  const { name, version, fileName, sha256, packages, created, id } = subject;
  const image = 'SPDXRef-Image';
  const idOf = (index: number): string => `SPDXRef-Package-${index + 1}`;
  const unknown = {
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
  };
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${name} ${version}`,
    documentNamespace: `urn:uuid:${id}`,
    creationInfo: {
      // Whole seconds: SPDX knows no smaller ones.
      created: created.toISOString().replace(/\.\d+Z$/, 'Z'),
      creators: [`Tool: ${tool}`],
    },
    documentDescribes: [image],
    packages: [
      {
        SPDXID: image,
        name,
        versionInfo: version,
        primaryPackagePurpose: 'OPERATING-SYSTEM',
        ...(fileName !== undefined && { packageFileName: fileName }),
        ...(sha256 !== undefined && { checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }] }),
        ...unknown,
      },
      ...packages.map((each, index) => ({
        SPDXID: idOf(index),
        name: each.name,
        versionInfo: each.version,
        externalRefs: [
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: purl(each, subject),
          },
        ],
        ...unknown,
      })),
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: image },
      ...packages.map((_, index) => ({
        spdxElementId: image,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: idOf(index),
      })),
    ],
  };
}

/** A package URL (purl-spec: deb, rpm). Debian’s epoch is part of the version, an RPM’s a qualifier. */
function purl({ name, version, arch, type }: ListedPackage, { distribution }: Subject): string {
  const [vendor = '', release = ''] = (distribution ?? '').toLowerCase().split(' ');
  const kind = type.toLowerCase() === 'rpm' ? 'rpm' : 'deb';
  const namespace = vendor === '' ? (kind === 'deb' ? 'debian' : 'redhat') : vendor;
  const { epoch = '', rest = version } =
    (kind === 'rpm' ? /^(?<epoch>\d+):(?<rest>.*)$/.exec(version)?.groups : undefined) ?? {};
  const qualifiers = Object.entries({ arch, distro: release === '' ? '' : `${vendor}-${release}`, epoch })
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${purlEncoded(value)}`)
    .join('&');
  const where = `pkg:${kind}/${purlEncoded(namespace)}/${purlEncoded(name.toLowerCase())}`;
  return `${where}@${purlEncoded(rest)}${qualifiers === '' ? '' : `?${qualifiers}`}`;
}

/** A colon must not be encoded, whatever else is (purl-spec, Character encoding). */
function purlEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}
