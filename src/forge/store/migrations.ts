/**
 * The schema's steps. Step n brings a database of version n to n + 1; a step that was released is never
 * changed. Times are milliseconds since 1970, sizes bytes. Ids are never given twice, so that a URI stays
 * what it was.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE appliance (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    revision INTEGER NOT NULL,
    template_file TEXT NOT NULL,
    archive_sha256 TEXT NOT NULL,
    archive_size INTEGER NOT NULL,
    description TEXT,
    distribution TEXT,
    arch TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    UNIQUE (name, version)
  ) STRICT;

  CREATE TABLE appliance_import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    imported INTEGER NOT NULL,
    force INTEGER NOT NULL,
    reuse_bundles INTEGER NOT NULL,
    use_major INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    message TEXT NOT NULL,
    error_message TEXT,
    detail TEXT,
    appliance_id INTEGER REFERENCES appliance ON DELETE SET NULL,
    size INTEGER,
    sha256 TEXT,
    md5 TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE ticket (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    appliance_id INTEGER NOT NULL REFERENCES appliance ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    target_format TEXT NOT NULL,
    request TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    percentage INTEGER NOT NULL,
    message TEXT NOT NULL,
    bytes_loaded INTEGER,
    bytes_total INTEGER,
    error_message TEXT,
    detail TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    file_name TEXT,
    file_extension TEXT,
    mime_type TEXT,
    size INTEGER,
    sha256 TEXT,
    md5 TEXT
  ) STRICT;

  CREATE UNIQUE INDEX one_generation ON ticket (appliance_id, target_format)
    WHERE state IN ('waiting', 'running');
  CREATE INDEX ticket_appliance ON ticket (appliance_id);

  CREATE TABLE ticket_package (
    ticket_id INTEGER NOT NULL REFERENCES ticket ON DELETE CASCADE,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    release TEXT,
    arch TEXT NOT NULL,
    size INTEGER,
    profile INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX ticket_package_ticket ON ticket_package (ticket_id);
  `,
  `
  ALTER TABLE ticket ADD COLUMN started INTEGER;
  ALTER TABLE ticket ADD COLUMN password_forgotten INTEGER NOT NULL DEFAULT 0;
  `,
  // Everything has an owner. What was there before is the first user's, who gets a login when the forge
  // starts.
  `
  CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE,
    password TEXT,
    entitlements TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;
  INSERT INTO user (login, entitlements, created, modified)
    VALUES ('', '[]', unixepoch() * 1000, unixepoch() * 1000);

  CREATE TABLE appliance_owned (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    revision INTEGER NOT NULL,
    template_file TEXT NOT NULL,
    archive_sha256 TEXT NOT NULL,
    archive_size INTEGER NOT NULL,
    description TEXT,
    distribution TEXT,
    arch TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    UNIQUE (owner_id, name, version)
  ) STRICT;
  INSERT INTO appliance_owned (id, owner_id, uuid, name, version, revision, template_file, archive_sha256,
      archive_size, description, distribution, arch, created, modified)
    SELECT id, 1, uuid, name, version, revision, template_file, archive_sha256,
      archive_size, description, distribution, arch, created, modified FROM appliance;
  DELETE FROM sqlite_sequence WHERE name = 'appliance_owned';
  INSERT INTO sqlite_sequence (name, seq) SELECT 'appliance_owned', seq FROM sqlite_sequence WHERE name = 'appliance';
  DROP TABLE appliance;
  ALTER TABLE appliance_owned RENAME TO appliance;

  ALTER TABLE appliance_import ADD COLUMN owner_id INTEGER NOT NULL DEFAULT 1 REFERENCES user ON DELETE CASCADE;
  `,
  // Keys and accounts; what is secret in them is sealed (vault.ts).
  `
  CREATE TABLE api_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name TEXT,
    description TEXT,
    public_key TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE cloud_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name TEXT NOT NULL,
    account TEXT NOT NULL,
    secrets TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    UNIQUE (owner_id, name)
  ) STRICT;
  `,
  // What was done stays when the thing has gone: quotas count it.
  `
  CREATE TABLE usage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    object_name TEXT NOT NULL,
    format TEXT,
    distribution TEXT,
    size INTEGER,
    date INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX usage_owner ON usage (owner_id, date);

  CREATE TABLE quota (
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    type TEXT NOT NULL,
    most INTEGER NOT NULL,
    monthly INTEGER NOT NULL,
    PRIMARY KEY (owner_id, type)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO usage (owner_id, action, object_type, object_id, object_name, format, distribution, size, date)
    SELECT appliance.owner_id, 'success', 'image', ticket.id, appliance.name || ' ' || appliance.version,
      ticket.target_format, appliance.distribution, ticket.size, ticket.modified
    FROM ticket JOIN appliance ON appliance.id = ticket.appliance_id WHERE ticket.state = 'done';
  `,
  // A publication outlives its image: it tells what is registered at a platform.
  `
  CREATE TABLE publication (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    appliance_id INTEGER NOT NULL REFERENCES appliance ON DELETE CASCADE,
    image_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    target_format TEXT NOT NULL,
    request TEXT NOT NULL,
    account_id INTEGER REFERENCES cloud_account ON DELETE SET NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    percentage INTEGER NOT NULL,
    message TEXT NOT NULL,
    error_message TEXT,
    detail TEXT,
    cloud_id TEXT,
    location TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX publication_appliance ON publication (appliance_id);

  CREATE TABLE deployment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name TEXT NOT NULL,
    source_uri TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'on-fire')),
    message TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT;
  `,
  // Appliances are edited, cloned and exported: there need not be an archive any more that one came from.
  `
  ALTER TABLE appliance DROP COLUMN archive_sha256;
  ALTER TABLE appliance ADD COLUMN imported INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE appliance ADD COLUMN parent_id INTEGER;

  CREATE TABLE appliance_export (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    appliance_id INTEGER NOT NULL REFERENCES appliance ON DELETE CASCADE,
    language TEXT NOT NULL CHECK (language IN ('yaml', 'json')),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    message TEXT NOT NULL,
    error_message TEXT,
    downloaded INTEGER NOT NULL DEFAULT 0,
    file_name TEXT NOT NULL,
    size INTEGER,
    sha256 TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE ticket ADD COLUMN eta INTEGER;
  `,
  // Refusals name the line of the template as it was sent: JSON, the lines that are new in the one that is
  // kept.
  `
  ALTER TABLE appliance ADD COLUMN added_lines TEXT;
  `,
  // A key that a supervisor made for another user ends with the supervisor's right; null: the owner's own.
  `
  ALTER TABLE api_key ADD COLUMN supervisor_id INTEGER REFERENCES user ON DELETE CASCADE;
  `,
  // Software of a user's own: bundles outside of appliances, kept as templates that have nothing else.
  `
  CREATE TABLE software (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    revision INTEGER NOT NULL,
    template_file TEXT NOT NULL,
    archive_size INTEGER NOT NULL,
    description TEXT,
    distribution TEXT,
    arch TEXT,
    added_lines TEXT,
    imported INTEGER NOT NULL,
    parent_id INTEGER,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    UNIQUE (owner_id, name, version)
  ) STRICT;

  CREATE TABLE software_import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    imported INTEGER NOT NULL,
    force INTEGER NOT NULL,
    reuse_bundles INTEGER NOT NULL,
    use_major INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    message TEXT NOT NULL,
    error_message TEXT,
    detail TEXT,
    appliance_id INTEGER REFERENCES software ON DELETE SET NULL,
    size INTEGER,
    sha256 TEXT,
    md5 TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE software_export (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    appliance_id INTEGER NOT NULL REFERENCES software ON DELETE CASCADE,
    language TEXT NOT NULL CHECK (language IN ('yaml', 'json')),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    message TEXT NOT NULL,
    error_message TEXT,
    downloaded INTEGER NOT NULL DEFAULT 0,
    file_name TEXT NOT NULL,
    size INTEGER,
    sha256 TEXT,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL
  ) STRICT;

  UPDATE user SET entitlements = json_insert(entitlements, '$[#]', 'migration_access')
    WHERE entitlements LIKE '%"migration_publish"%';
  `,
  // How far a publication is, and what of it is half at its platform.
  `
  ALTER TABLE publication ADD COLUMN bytes_loaded INTEGER;
  ALTER TABLE publication ADD COLUMN bytes_total INTEGER;
  ALTER TABLE publication ADD COLUMN unfinished TEXT;
  `,
  // A deployment is a machine at a platform: what it was made of says where, its account who may end it.
  `
  ALTER TABLE deployment RENAME TO old_deployment;
  CREATE TABLE deployment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name TEXT NOT NULL,
    source_uri TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('starting', 'running', 'on-fire')),
    message TEXT NOT NULL,
    detail TEXT,
    request TEXT,
    account_id INTEGER REFERENCES cloud_account ON DELETE SET NULL,
    instance TEXT,
    address TEXT,
    created INTEGER NOT NULL
  ) STRICT;
  INSERT INTO deployment (id, owner_id, name, source_uri, state, message, created)
    SELECT id, owner_id, name, source_uri, state, message, created FROM old_deployment;
  DROP TABLE old_deployment;
  `,
];
