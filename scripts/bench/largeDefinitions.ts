/** A right request of a megabyte: a machine with thousands of users. */
export function largeRequest(): string {
  const users = Array.from(
    { length: 4800 },
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

/** A right template of a megabyte: thousands of packages, and a bundle of thousands of files. */
export function largeTemplate(): string {
  const packages = Array.from({ length: 12_000 }, (_, index) => `      - name: package-${index}`);
  const files = Array.from(
    { length: 4600 },
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
