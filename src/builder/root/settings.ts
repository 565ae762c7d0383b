import type { Plan } from '../plan/plan.ts';
import type { RootFile } from './bootScripts.ts';
import { tableFile, textFile, type RootOption } from './part.ts';

/**
 * Runs inside the root when all files of packages, bundles and the template are there: what of the template's settings
 * is no file by itself. The owners of files: `bundlesScript`.
 */
export const settingsScript = `
if compgen -G '/usr/local/share/ca-certificates/appliance-*.crt' > /dev/null; then update-ca-certificates; fi
read -r locale < /run/setup/locale
case "$locale" in
  C | POSIX | C.UTF-8) ;;
  *)
    grep -q "^$locale " /usr/share/i18n/SUPPORTED || {
      echo "E: stack.installation.locale: Debian has no locale $locale: take one of /usr/share/i18n/SUPPORTED." >&2
      exit 1
    }
    grep "^$locale " /usr/share/i18n/SUPPORTED > /etc/locale.gen
    locale-gen
    ;;
esac
while IFS=$'\\x1f' read -r at verb unit; do
  systemctl "$verb" "$unit" || {
    echo "E: $at: can't $verb $unit: nothing in the image brings this unit. Add its package." >&2
    exit 1
  }
done < /run/setup/units
`;

/** What the script reads, below `/run/setup`. */
export function settingsFiles({ settings: { locale, units } }: Plan): RootFile[] {
  return [
    textFile('locale', `${locale}\n`),
    tableFile(
      'units',
      units.map(({ at, verb, unit }) => [at, verb, unit]),
    ),
  ];
}

/** The template's own files as they go into the tar; their owners come later. */
export function templateFiles({ settings: { files } }: Plan): RootFile[] {
  return files.map(({ path, content, rights }) => textFile(path, content, Number.parseInt(rights, 8)));
}

const hasLocales = (locale: string): boolean => !['C', 'POSIX', 'C.UTF-8'].includes(locale);

/** DNS servers for the whole machine, certificates, parameters of the kernel, and the package for a locale. */
export const settings: RootOption = ({ settings: plan }) => {
  const { locale, nameServers, searchDomains, caCertificates, sysctl } = plan;
  const resolved = [
    ...(nameServers.length > 0 ? [`DNS=${nameServers.join(' ')}`] : []),
    ...(searchDomains.length > 0 ? [`Domains=${searchDomains.join(' ')}`] : []),
  ];
  return {
    packages: hasLocales(locale) ? ['locales'] : [],
    files: [
      ...(resolved.length > 0
        ? [textFile('/etc/systemd/resolved.conf.d/appliance.conf', `[Resolve]\n${resolved.join('\n')}\n`)]
        : []),
      ...caCertificates.map((pem, index) =>
        textFile(`/usr/local/share/ca-certificates/appliance-${index + 1}.crt`, pem),
      ),
      ...(sysctl.length > 0
        ? [
            textFile(
              '/etc/sysctl.d/90-appliance.conf',
              sysctl.map(([name, value]) => `${name} = ${value}\n`).join(''),
            ),
          ]
        : []),
    ],
  };
};
