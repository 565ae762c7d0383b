/**
 * The template language as data: what the checker knows and what the `Template` type is computed from.
 * Source: hammr 3.8.13, templates-spec, and the code where it knows more than its documentation.
 *
 * A field's value is its type: `text`, `word` (a text that may look like a number), `number` (whole, not negative),
 * `flag`, `anything`, another row's name, `[type]` for a list, or `values` for a text with a closed list (compared
 * without regard to case). An `open` row takes further keys unchecked: a builder has keys of its target platform.
 */
export const templateTypes = {
  Template: {
    required: ['stack'],
    fields: {
      stack: 'Stack',
      builders: ['Builder'],
      tests: ['Test'],
      accounts: 'anything',
      provisioner: 'anything',
      migration: 'anything',
      apiVersion: 'anything',
    },
  },
  Stack: {
    required: ['name', 'version', 'os'],
    fields: {
      name: 'text',
      version: 'text',
      description: 'text',
      os: 'Os',
      bundles: ['Bundle'],
      installation: 'Installation',
      config: ['BootScript'],
      source_logo: 'text',
      apiVersion: 'anything',
    },
  },
  Os: {
    required: ['name', 'version', 'arch'],
    fields: {
      name: 'text',
      version: 'text',
      arch: 'text',
      profile: 'text',
      updateTo: 'word',
      pkgs: ['Package'],
      withoutPkgs: ['text'],
      recommends: 'flag',
      components: [{ values: ['main', 'contrib', 'non-free', 'non-free-firmware'] }],
      backports: 'flag',
      repositories: ['Repository'],
      debconf: ['DebconfAnswer'],
      windowsEdition: 'text',
      windowsType: 'text',
      windowsLanguage: 'text',
    },
  },
  /** One of `name` and `fullName`; version, release and arch together pin the package. */
  Package: {
    required: [],
    fields: {
      name: 'text',
      fullName: 'text',
      version: 'text',
      release: 'text',
      arch: 'text',
      recommends: 'flag',
      backports: 'flag',
    },
  },
  /** Ours, as are the keys of `Os` from `withoutPkgs` on and the last two of `Package`. `key` is the key itself. */
  Repository: {
    required: ['name', 'url', 'suite', 'key'],
    fields: {
      name: 'text',
      url: 'text',
      suite: 'text',
      components: ['text'],
      key: 'text',
      priority: 'number',
    },
  },
  DebconfAnswer: {
    required: ['package', 'question', 'value'],
    fields: {
      package: 'text',
      question: 'text',
      type: { values: ['string', 'boolean', 'select', 'multiselect', 'text', 'password', 'note'] },
      value: 'word',
    },
  },
  /** Sizes in MB. `diskSize` is ignored when there is a `partitioning`. */
  Installation: {
    required: [],
    fields: {
      diskSize: 'number',
      swapSize: 'number',
      internetSettings: { values: ['basic', 'ask', 'configure', 'dhcp'] },
      nics: ['Nic'],
      kernelParams: ['text'],
      keyboard: 'text',
      timezone: 'text',
      partitioning: 'Partitioning',
      rootUser: 'RootUser',
      users: ['User'],
      groups: ['Group'],
      firewall: 'flag',
      welcomeMessage: 'text',
      seLinuxMode: { values: ['disabled', 'permissive', 'enforcing'] },
      displayLicense: 'flag',
      displayLicenses: 'flag',
      hostname: 'text',
      locale: 'text',
      nameServers: ['text'],
      searchDomains: ['text'],
      bonds: ['Bond'],
      vlans: ['Vlan'],
      services: 'Services',
      caCertificates: ['text'],
      sysctl: 'Sysctl',
      files: ['TextFile'],
      cpus: 'number',
      cloudInit: 'flag',
    },
  },
  Nic: {
    required: [],
    fields: {
      name: 'text',
      type: 'text',
      order: 'number',
      autoConnect: 'flag',
      ipv4: { values: ['dhcp', 'static', 'disabled'] },
      ipv6: { values: ['dhcp', 'static', 'disabled'] },
      ipAddresses: ['IpAddress'],
      routes: ['Route'],
    },
  },
  /** `nics` are names of cards. */
  Bond: {
    required: ['name', 'nics'],
    fields: {
      name: 'text',
      nics: ['text'],
      mode: {
        values: [
          ...['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb'],
          'balance-alb',
        ],
      },
      ipv4: { values: ['dhcp', 'static', 'disabled'] },
      ipv6: { values: ['dhcp', 'static', 'disabled'] },
      ipAddresses: ['IpAddress'],
      routes: ['Route'],
    },
  },
  /** `on` is the name of a card or of a bond. */
  Vlan: {
    required: ['id', 'on'],
    fields: {
      name: 'text',
      id: 'number',
      on: 'text',
      ipv4: { values: ['dhcp', 'static', 'disabled'] },
      ipv6: { values: ['dhcp', 'static', 'disabled'] },
      ipAddresses: ['IpAddress'],
      routes: ['Route'],
    },
  },
  Route: { required: ['to'], fields: { to: 'text', via: 'text', metric: 'number' } },
  Services: { required: [], fields: { enable: ['text'], disable: ['text'], mask: ['text'] } },
  /** Its keys are the kernel's own. */
  Sysctl: { required: [], open: true, fields: {} },
  TextFile: {
    required: ['path', 'content'],
    fields: { path: 'text', content: 'text', ownerGroup: 'text', rights: 'word' },
  },
  IpAddress: {
    required: ['address'],
    fields: { version: 'word', address: 'text', netmask: 'text', gateway: 'text' },
  },
  Partitioning: {
    required: [],
    fields: { disks: ['Disk'], volumeGroups: ['VolumeGroup'], logicalVolumes: ['LogicalVolume'] },
  },
  Disk: {
    required: ['name', 'size'],
    fields: {
      name: 'text',
      type: { values: ['msdos', 'LVM', 'gpt'] },
      size: 'number',
      partitions: ['Partition'],
    },
  },
  /** `name` is ours: the API has it, UForge's templates don't. */
  Partition: {
    required: ['number', 'size'],
    fields: {
      number: 'number',
      name: 'text',
      fstype: 'text',
      size: 'number',
      mountPoint: 'text',
      grow: 'flag',
      label: 'text',
      mountOptions: 'text',
      partitions: ['Partition'],
    },
  },
  /** `physicalVolumes` are partitions (`sda5`) or whole disks (`sdb`). */
  VolumeGroup: { required: ['name'], fields: { name: 'text', physicalVolumes: ['PhysicalVolume'] } },
  PhysicalVolume: { required: ['name'], fields: { name: 'text' } },
  LogicalVolume: {
    required: ['name', 'vg_name', 'size'],
    fields: {
      name: 'text',
      vg_name: 'text',
      fstype: 'text',
      size: 'number',
      mountPoint: 'text',
      grow: 'flag',
      label: 'text',
    },
  },
  /** `encrypted` is the API's (`osUser/encrypted`): the password is a crypt(3) hash. hammr does not know it. */
  RootUser: {
    required: [],
    fields: {
      setPassword: 'flag',
      password: 'text',
      encrypted: 'flag',
      disablePasswordLogin: 'flag',
      sshKeys: ['SshKey'],
    },
  },
  SshKey: { required: ['publicKey'], fields: { name: 'text', publicKey: 'text' } },
  User: {
    required: ['name'],
    fields: {
      name: 'text',
      fullName: 'text',
      password: 'text',
      encrypted: 'flag',
      primaryGroup: 'text',
      /** Names separated by commas. */
      secondaryGroups: 'text',
      homeDir: 'text',
      shell: 'text',
      userId: 'number',
      systemUser: 'flag',
      disablePasswordLogin: 'flag',
      sshKeys: ['SshKey'],
      sudo: { values: ['password', 'passwordless'] },
    },
  },
  Group: {
    required: ['name'],
    fields: { name: 'text', groupId: 'number', systemGroup: 'flag' },
  },
  BootScript: {
    required: ['name', 'source', 'type', 'frequency'],
    fields: {
      name: 'text',
      source: 'text',
      type: { values: ['bootscript'] },
      frequency: { values: ['firstboot', 'everyboot'] },
      order: 'number',
      timeLimit: 'number',
    },
  },
  Bundle: {
    required: ['name', 'version', 'files'],
    fields: {
      name: 'text',
      version: 'text',
      files: ['BundleFile'],
      destination: 'text',
      description: 'text',
      license: 'License',
      shortTag: 'text',
      category: 'text',
      maintainer: 'text',
      website: 'text',
      restrictionRule: 'text',
      sourceLogo: 'text',
      oses: ['BundleOs'],
    },
  },
  /** What UForge 3.7 had instead of `restrictionRule`, as its exports have it. */
  BundleOs: { required: ['name'], open: true, fields: { name: 'text', version: 'word', arch: 'text' } },
  License: { required: ['name', 'source'], fields: { name: 'text', source: 'text' } },
  /** `source` is a path, a folder or a URL. */
  BundleFile: {
    required: ['name', 'source'],
    fields: {
      name: 'text',
      source: 'text',
      destination: 'text',
      tag: { values: ['softwarefile', 'ospkg', 'bootscript'] },
      bootOrder: 'number',
      bootType: { values: ['firstboot', 'everyboot'] },
      timeLimit: 'number',
      ownerGroup: 'text',
      rights: 'word',
      symlink: 'text',
      extract: 'flag',
      install: 'flag',
      params: 'text',
      network: 'flag',
      md5sum: 'word',
      sha256sum: 'word',
      files: ['BundleFile'],
    },
  },
  /** `type` is the name of a target format of the server. */
  Builder: {
    required: ['type'],
    open: true,
    fields: {
      type: 'text',
      hardwareSettings: 'HardwareSettings',
      installation: 'BuilderInstallation',
      account: 'BuilderAccount',
      /** In exec form: a text, or a list of texts. */
      entrypoint: 'anything',
      /** hammr takes the texts "true" and "false" here; a flag is read as well. */
      disableRootLogin: 'flag',
      /** Vagrant's: who logs in, and with what. */
      publicBaseBox: 'flag',
      osUser: 'text',
      sshKey: 'SshKey',
    },
  },
  /** `memory` in MB; `hwType` is a text in the schema and a number in hammr's samples. */
  HardwareSettings: { required: [], fields: { memory: 'number', hwType: 'word' } },
  /** Sizes in MB. */
  BuilderInstallation: { required: [], fields: { diskSize: 'number', swapSize: 'number' } },
  BuilderAccount: { required: [], open: true, fields: { name: 'text', file: 'text', type: 'text' } },
  /**
   * Ours: what a good image does, one check an entry. Which keys go together says `testKinds`. `within` in seconds; what
   * is said on a console, an output, a body and a file's content are regular expressions of JavaScript.
   */
  Test: {
    required: [],
    fields: {
      name: 'text',
      console: 'text',
      command: 'text',
      exitCode: 'number',
      output: 'text',
      port: 'number',
      http: 'text',
      status: 'number',
      body: 'text',
      file: 'text',
      content: 'text',
      ownerGroup: 'text',
      rights: 'word',
      package: 'text',
      version: 'word',
      service: 'text',
      noFailedUnits: 'flag',
      within: 'number',
    },
  },
} as const satisfies Readonly<Record<string, TemplateRow>>;

/** One object of the language. */
export interface TemplateRow {
  readonly required: readonly string[];
  readonly open?: true;
  readonly fields: Readonly<Record<string, TemplateFieldType>>;
}

export type TemplateFieldType =
  string | readonly [TemplateFieldType] | { readonly values: readonly string[] };

type Rows = typeof templateTypes;
export type TemplateTypeName = keyof Rows;

type ValueOf<F> = F extends TemplateTypeName
  ? TemplateObject<F>
  : F extends 'text' | 'word'
    ? string
    : F extends 'number'
      ? number
      : F extends 'flag'
        ? boolean
        : F extends readonly [infer Item]
          ? readonly ValueOf<Item>[]
          : F extends { readonly values: readonly (infer Value)[] }
            ? Value
            : unknown;

type RequiredKeys<N extends TemplateTypeName> = Extract<Rows[N]['required'][number], keyof Rows[N]['fields']>;
type Open<N extends TemplateTypeName> = Rows[N] extends { open: true }
  ? Readonly<Record<string, unknown>>
  : unknown;

/** The value of a row of the table, by its name. */
export type TemplateObject<N extends TemplateTypeName> = {
  readonly [K in RequiredKeys<N>]: ValueOf<Rows[N]['fields'][K]>;
} & {
  readonly [K in Exclude<keyof Rows[N]['fields'], RequiredKeys<N>>]?: ValueOf<Rows[N]['fields'][K]>;
} & Open<N>;
