/** A right request: with 4,800 users it has a megabyte. */
export function largeRequest(count = 4800): string {
  const users = Array.from(
    { length: count },
    (_, index) => `      <user>
        <disablePasswordLogin>true</disablePasswordLogin>
        <fullName>Person ${index}</fullName>
        <name>user${index}</name>
        <shell>/bin/bash</shell>
        <userId>${2000 + index}</userId>
      </user>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">
  <compress>true</compress>
  <targetFormat>
    <name>VirtualBox</name>
  </targetFormat>
  <installProfile>
    <memorySize>1024</memorySize>
    <users>
${users.join('\n')}
    </users>
  </installProfile>
</ns0:image>
`;
}

/** A right template: packages, and a bundle of files; with thousands of both it has a megabyte. */
export function largeTemplate(packageCount = 12_000, fileCount = 4600): string {
  const packages = Array.from({ length: packageCount }, (_, index) => `      - name: package-${index}`);
  const files = Array.from(
    { length: fileCount },
    (_, index) => `        - name: file-${index}.conf
          source: files/file-${index}.conf
          destination: /etc/app/conf.d
          rights: "644"
          ownerGroup: root:root`,
  );
  return `stack:
  name: large
  version: "1.0"
  os:
    name: Debian
    version: "12"
    arch: x86_64
    profile: Minimal
    pkgs:
${packages.join('\n')}
  bundles:
    - name: app
      version: "1.0"
      files:
${files.join('\n')}
builders:
  - type: VirtualBox
    hardwareSettings:
      memory: 1024
`;
}
