import { readFileSync } from 'node:fs';
import { sourcePath } from '../../appliance/archive/unpackTemplate.ts';
import type { Plan } from '../plan/plan.ts';
import type { RootFile } from './bootScripts.ts';
import type { PlacedPath } from './bundleTree.ts';
import { webAddress } from '../sandbox/sandbox.ts';
import { licenceFolder } from './firstBoot.ts';
import { tableFile } from './part.ts';

/**
 * Runs inside the root once packages and accounts are there: owners, links, and the files with parameters. A file
 * whose owner nobody is, or a program that fails, ends the build.
 */
export const bundlesScript = `
while IFS=$'\\x1f' read -r at path owner rights link to; do
  # Everything belongs to root:root as it comes.
  [ "$owner" = root:root ] || chown --no-dereference --recursive "$owner" "$path" || {
    echo "E: $at: $path can't belong to $owner: there is no such user or group in the image." >&2
    exit 1
  }
  # Changing the owner takes the set-user-ID bits away.
  [ -z "$rights" ] || chmod "$rights" "$path"
  if [ -n "$link" ]; then
    mkdir -p "$(dirname "$link")"
    ln -sfn "$to" "$link"
  fi
done < /run/setup/files

while IFS=$'\\x1f' read -r at path params web; do
  [ -n "$at" ] || continue
  echo "Running $path $params"
  code=0
  (for name in \${web:+http_proxy https_proxy HTTP_PROXY HTTPS_PROXY}; do export "$name=$web"; done
    cd "$(dirname "$path")" && eval "exec \\"\\$path\\" $params") 0< /dev/null || code=$?
  [ "$code" = 0 ] || { echo "E: $at: $path ended with exit code $code." >&2; exit 1; }
done < /run/setup/programs
`;

/** What the script reads, below `/run/setup`. */
export function bundleFiles({ bundles, settings }: Plan, placed: readonly PlacedPath[]): RootFile[] {
  const rows = placed.map(({ at, path, ownerGroup, rights, symlink, linkTo }) => [
    at,
    path,
    ownerGroup,
    rights,
    symlink,
    linkTo ?? path,
  ]);
  const own = settings.files.map(({ at, path, ownerGroup, rights }) => {
    return [at, path, ownerGroup, rights, '', path];
  });
  const programs = bundles.files.flatMap(({ at, target, params, network }) =>
    params === undefined ? [] : [[at, target, params, network ? webAddress : '']],
  );
  return [tableFile('files', [...rows, ...own]), tableFile('programs', programs)];
}

/** The licences of the bundles, which stay in the appliance whether they are shown or not. */
export function licenceFiles({ bundles }: Plan, filesDir: string): RootFile[] {
  return bundles.licences.map(({ source, name }) => ({
    path: `${licenceFolder}/${name}`,
    mode: 0o644,
    content: readFileSync(sourcePath(filesDir, source)),
  }));
}
