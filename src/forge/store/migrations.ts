/**
 * The schema's steps. Step n brings a database of version n to n + 1; a step that was released is never changed.
 * Times are milliseconds since 1970, sizes bytes. Ids are never given twice, so that a URI stays what it was.
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
];
