/**
 * What every other type builds on, and what any operation may answer: statuses, errors, the service. See
 * `types`.
 */
export const commonTypes = {
  LocalizedMessage: {
    fields: { message: 'string', messageId: 'string', parameters: ['parameter', 'string'] },
  },
  OpStatus: {
    base: 'UForgeObject',
    fields: {
      bytesLoaded: 'long',
      bytesTotal: 'long',
      cancelled: 'boolean',
      complete: 'boolean',
      detailedError: 'boolean',
      detailedErrorMsg: 'string',
      error: 'boolean',
      errorMessage: 'string',
      eta: 'dateTime',
      message: 'string',
      parentUri: 'anyURI',
      percentage: 'int',
      published: 'boolean',
      totalTime: 'dateTime',
      uri: 'anyURI',
    },
  },
  OpStatuses: { base: 'UForgeObjects', fields: { statuses: ['status', 'OpStatus'] } },
  ServiceStatus: {
    base: 'UForgeObject',
    fields: { alive: 'boolean', version: 'string', serviceLoad: 'int' },
  },
  UForgeError: {
    fields: {
      localizedErrorMsg: 'LocalizedMessage',
      requestMethod: 'string',
      requestUri: 'string',
      statusCode: 'int',
      timestamp: 'dateTime',
    },
  },
  UForgeObject: {
    abstract: true,
    fields: { created: 'dateTime', dbId: 'long', digest: 'string', lastModified: 'dateTime' },
  },
  UForgeObjects: { abstract: true, fields: { total: 'long' } },
  UForgeUploadObject: {
    base: 'UForgeObject',
    abstract: true,
    fields: {
      md5sum: 'string',
      mimeType: 'string',
      sha256sum: 'string',
      size: 'long',
      status: 'OpStatus',
      uploaded: 'boolean',
      uploadedTime: 'dateTime',
    },
  },
  UForgeURIAbleObject: { base: 'UForgeObject', fields: { uri: 'anyURI', parentUri: 'anyURI' } },
} as const;
