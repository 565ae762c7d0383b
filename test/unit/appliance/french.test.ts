import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestForm } from '../../../src/appliance/form/requestForm.ts';
import { completeAt, hoverAt } from '../../../src/appliance/language/language.ts';
import { checkText } from '../../../src/appliance/language/problemsInText.ts';
import { translations } from '../../../src/uforge/language/languages.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';

const template = `
stack:
  name: ''
  version: '1.0'
  os: { name: Debian, version: '12', arch: x86_64, profil: Minimal }
  installation:
    users: [{ name: root, sshKeys: many }]
builders: [{ type: VirtualBos, hardwareSettings: { memory: 1024 } }]
`;
const format = '<targetFormat><name>Docker</name></targetFormat>';
const request = `<ns0:image ${ns}><compres>yes</compres>${format}</ns0:image>`;

/** Its messages and titles of fixes, with plain blanks before colons and inside quotation marks. */
function frenchIn(text: string, name: string): readonly string[] {
  const kind = name.endsWith('.xml') ? 'representation' : 'template';
  return checkText(kind, name, text, undefined, translations.fr)
    .problems.flatMap(({ message, fixes = [] }) => [message, ...fixes.map(({ title }) => title)])
    .map((each) => each.replaceAll('\u00a0', ' '));
}

test('what is wrong in a template is told in French where that is spoken', () => {
  assert.deepEqual(frenchIn(template, 'template.yml'), [
    'stack.name est vide. Donnez-lui une valeur.',
    'stack.os n’a pas de « profile » : UForge en demande un pour installer un système.',
    'Ajouter « profile »',
    '« profil » n’est pas une clé de stack.os et est ignoré. Vouliez-vous dire « profile » ?',
    'Renommer en « profile »',
    'stack.installation.users[0].name est root, qui a sa propre place : « rootUser ».',
    'stack.installation.users[0].sshKeys doit être une liste.',
    'Aucun format cible ne s’appelle « VirtualBos », sauf si un administrateur en a renommé un. ' +
      'Vouliez-vous dire « VirtualBox » ?',
    'Remplacer par « VirtualBox »',
  ]);
});

test('so is what is wrong in a request', () => {
  assert.deepEqual(frenchIn(request, 'request.xml'), [
    '« compres » n’est pas un élément de « image ». Vouliez-vous dire « compress » ?',
    'Renommer en « compress »',
    'Supprimer « compres »',
    'Docker demande la commande que son conteneur lance. Ajoutez « entrypoint », par exemple ["/bin/sh"].',
    'Ajouter « entrypoint »',
  ]);
  const form = requestForm(request, undefined, translations.fr);
  assert.match(form.kind === 'form' ? (form.others[0]?.message ?? '') : '', /n’est pas un élément/);
});

test('so is what no parser can read', () => {
  assert.deepEqual(frenchIn('a: [1, 2\nb: 3\n', 'template.yml'), [
    'YAML mal formé : une liste entre crochets doit être assez en retrait et se terminer par ]',
  ]);
  assert.deepEqual(frenchIn('{ "stack": }', 'template.json'), ['JSON mal formé : il manque une valeur.']);
  assert.deepEqual(frenchIn(`<ns0:image ${ns}><!-- `, 'request.xml'), [
    'XML mal formé : le commentaire ne se termine pas.',
  ]);
});

test('so is what elements and keys mean', () => {
  const hover = (kind: 'representation' | 'template', text: string, word: string): string | undefined =>
    hoverAt(kind, text, text.indexOf(word), translations.fr)?.text.replaceAll('\u00a0', ' ');
  assert.equal(
    hover('template', template, 'version'),
    '**version** · obligatoire\n\nLa version de l’appliance : un texte, donc entre guillemets.\n\nDans `stack`.',
  );
  assert.match(hover('representation', request, 'targetFormat') ?? '', /À quoi l’image est destinée\./);
  const [first] = completeAt('template', 'stack:\n  ', 9, undefined, false, translations.fr);
  assert.deepEqual([first?.detail, first?.documentation], ['obligatoire', 'Le nom de l’appliance.']);
});

test('who asks for no language is told in English: terminals, agents and logs', () => {
  const [problem] = checkText('template', 'template.yml', template).problems;
  assert.equal(problem?.message, 'stack.name is empty. Give it a value.');
});
