/** Accounts at target platforms, with their credentials. See `types`. */
export const accountTypes = {
  ArtifactCredAccount: {
    base: 'UForgeObject',
    required: ['name', 'host', 'login', 'password', 'port'],
    fields: {
      uri: 'anyURI',
      parentUri: 'anyURI',
      name: 'string',
      host: 'string',
      login: 'string',
      password: 'string',
      type: { values: ['http', 'https', 'ftp'] },
      port: 'int',
      softwareArtifactsUri: 'anyURI',
    },
  },
  ArtifactCredAccounts: {
    base: 'UForgeObjects',
    fields: { artifactCredAccounts: ['artifactCredAccount', 'ArtifactCredAccount'] },
  },
  Certificate: {
    base: 'UForgeUploadObject',
    fields: {
      content: 'base64Binary',
      name: 'string',
      parentUri: 'anyURI',
      type: {
        values: ['ec2KeyPairPrivateKey', 'ec2PrivateKey', 'googleCertificate', 'uForgeCertificate', 'x509'],
      },
      uri: 'anyURI',
    },
  },
  Certificates: { base: 'UForgeObjects', fields: { certificates: ['certificate', 'Certificate'] } },
  CredAccount: {
    base: 'UForgeObject',
    abstract: true,
    fields: {
      name: 'string',
      parentUri: 'anyURI',
      uri: 'anyURI',
      targetPlatform: 'TargetPlatform',
      secretsMissing: 'boolean',
    },
  },
  CredAccountAws: {
    base: 'CredAccountCert',
    fields: {
      accessKeyId: 'string',
      accountNumber: 'string',
      keyPairName: 'string',
      secretAccessKeyId: 'string',
    },
  },
  CredAccountAzure: {
    base: 'CredAccount',
    fields: {
      tenantId: 'string',
      subscriptionId: 'string',
      applicationId: 'string',
      applicationKey: 'string',
      endpointUrl: 'string',
    },
  },
  CredAccountCert: {
    base: 'CredAccount',
    abstract: true,
    fields: {
      baseCertificatesUri: 'anyURI',
      certificates: ['certificate', 'Certificate'],
      certificateUris: ['uri', 'anyURI'],
    },
  },
  CredAccountCloudStack: {
    base: 'CredAccount',
    fields: { endpointUrl: 'anyURI', publicApiKey: 'string', secretApiKey: 'string' },
  },
  CredAccountCloudwatt: {
    base: 'CredAccount',
    fields: { glanceUrl: 'anyURI', keystoneUrl: 'anyURI', login: 'string', password: 'string' },
  },
  CredAccountDocker: {
    base: 'CredAccount',
    fields: { endpointUrl: 'anyURI', login: 'string', password: 'string' },
  },
  CredAccountGoogle: { base: 'CredAccountCert', fields: {} },
  CredAccountK5: { base: 'CredAccount', fields: { login: 'string', password: 'string' } },
  CredAccountOpenShift: { base: 'CredAccount', fields: { registryUrl: 'anyURI', token: 'string' } },
  CredAccountOpenStack: {
    base: 'CredAccount',
    fields: {
      glanceUrl: 'anyURI',
      keystoneUrl: 'anyURI',
      login: 'string',
      password: 'string',
      keystoneVersion: 'string',
    },
  },
  CredAccountOracle: {
    base: 'CredAccount',
    fields: { login: 'string', password: 'string', domainName: 'string' },
  },
  CredAccountOutscale: {
    base: 'CredAccount',
    fields: {
      accessKeyId: 'string',
      accountNumber: 'string',
      keyPairName: 'string',
      secretAccessKeyId: 'string',
    },
  },
  CredAccountResource: { fields: { key: 'string', type: 'string', value: 'string' } },
  CredAccounts: { base: 'UForgeObjects', fields: { credAccounts: ['credAccount', 'CredAccount'] } },
  CredAccountSuseCloud: {
    base: 'CredAccount',
    fields: { glanceUrl: 'anyURI', keystoneUrl: 'anyURI', login: 'string', password: 'string' },
  },
  CredAccountVCloudDirector: {
    base: 'CredAccount',
    fields: {
      hostname: 'string',
      organizationName: 'string',
      login: 'string',
      password: 'string',
      port: 'int',
      proxyHost: 'string',
      proxyPort: 'int',
    },
  },
  CredAccountVSphere: {
    base: 'CredAccount',
    fields: {
      hostname: 'string',
      login: 'string',
      password: 'string',
      port: 'int',
      proxyHost: 'string',
      proxyPort: 'int',
    },
  },
} as const;
