// Lint settles style and keeps the house in order: `rooms` below is the table of docs/architecture.md.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each room under src/ may import besides itself, npm packages and Node. */
const rooms = {
  uforge: [],
  appliance: ['uforge'],
  tickets: ['uforge'],
  generate: ['uforge', 'appliance', 'tickets'],
  builder: ['uforge', 'appliance'],
  machines: ['uforge', 'appliance'],
  forge: ['uforge', 'appliance'],
  agents: ['uforge', 'appliance', 'tickets', 'generate'],
  editor: ['uforge', 'appliance', 'tickets', 'generate', 'agents'],
  cli: ['uforge', 'appliance', 'tickets', 'generate', 'agents'],
};

/** Rooms of which others see one file only, and who opens it. */
const closedRooms = [
  {
    room: 'forge',
    door: 'process/launch.ts',
    openedBy: ['editor', 'cli'],
    message: 'Only src/forge/process/launch.ts is open to others: start the forge, then talk HTTP to it.',
  },
  {
    room: 'builder',
    door: 'index.ts',
    openedBy: ['forge'],
    message: 'Only src/builder/index.ts is open to others.',
  },
  {
    room: 'machines',
    door: 'index.ts',
    openedBy: ['forge', 'agents', 'editor', 'cli'],
    message: 'Only src/machines/index.ts is open to others.',
  },
];

const named = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };

/** A use of a name, however the object is called that has it, or a way to take the name out of it. */
const use = (names) => `:matches(MemberExpression[property.name=/${names}/], Property[key.name=/${names}/])`;

/**
 * What others have written is told as text (docs/security.md). Each way to tell something to a person, or to a terminal,
 * has one door; a call past it is refused.
 */
const doors = [
  {
    door: 'src/editor/messages.ts',
    selector: use('^(show(Information|Warning|Error)Message|setStatusBarMessage)$'),
    message: 'VS Code makes links of what is in a message: show it through src/editor/messages.ts.',
  },
  {
    door: 'src/editor/progress.ts',
    selector: use('^withProgress$'),
    message: 'VS Code makes links of what is in a message: show progress through src/editor/progress.ts.',
  },
  {
    door: 'src/editor/inputs.ts',
    selector: use('^(showQuickPick|showInputBox|createQuickPick|createInputBox)$'),
    message:
      'VS Code makes icons and links of what is in a list or an input: ask through src/editor/inputs.ts.',
  },
  {
    door: 'src/editor/inputs.ts',
    selector: 'AssignmentExpression[left.property.name="items"]:not([right.callee.name="shownItems"])',
    message: 'VS Code makes icons of what is in a row: give rows through shownItems of src/editor/inputs.ts.',
  },
  {
    door: 'src/editor/inputs.ts',
    selector:
      'AssignmentExpression[left.property.name=/^(validationMessage|prompt)$/]' +
      ':not([right.callee.name="messageText"]):not([right.right.callee.name="messageText"])',
    message:
      'VS Code makes links of what an input says: give it through messageText of src/editor/foreignText.ts.',
  },
  {
    door: 'src/editor/markdown.ts',
    selector: use('^(MarkdownString|appendMarkdown)$'),
    message: 'What others have written must not become Markdown: make it through src/editor/markdown.ts.',
  },
  {
    selector: 'AssignmentExpression[left.property.name=/^(isTrusted|supportHtml)$/]',
    message: 'No Markdown of ours is trusted: a link in it would run a command.',
  },
  {
    door: 'src/editor/webview.ts',
    selector: 'AssignmentExpression[left.property.name="html"]',
    message: 'A page is filled by src/editor/webview.ts, which says what it may load and run.',
  },
  {
    room: 'webview',
    door: 'src/webview/ticketPage.ts',
    selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    message:
      'HTML comes from src/editor/images/ticketPage/ticketHtml.ts, which escapes it. Elsewhere set textContent.',
  },
  {
    room: 'cli',
    door: 'src/cli/terminal.ts',
    selector: 'CallExpression[callee.property.name="write"]',
    message: 'A terminal takes orders in what it is sent: write through src/cli/terminal.ts.',
  },
].map((door) => ({ room: 'editor', ...door }));

/** `forbidden`: regular expressions of import paths with the reason; `import()` is no way round them. */
const importRules = (files, forbidden, walls = []) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: forbidden.map(({ path, message }) => ({ regex: path, message })) },
    ],
    'no-restricted-syntax': [
      'error',
      named,
      ...forbidden.map(({ path, message }) => ({
        selector: `ImportExpression[source.value=/${path.replaceAll('/', '\\/')}/]`,
        message,
      })),
      ...walls.map(({ selector, message }) => ({ selector, message })),
    ],
  },
});

/** The rules of a room, and those of its doors, which may do what they are the doors for. */
const rulesOf = (room, forbidden) => {
  const walls = doors.filter((each) => each.room === room);
  const open = new Set(walls.flatMap(({ door }) => door ?? []));
  return [
    importRules([`src/${room}/**/*.ts`], forbidden, walls),
    ...[...open].map((file) =>
      importRules(
        [file],
        forbidden,
        walls.filter(({ door }) => door !== file),
      ),
    ),
  ];
};

/** All files of a closed room but its door. */
const inside = ({ room, door, message }) => ({
  path: `^\\.{1,2}/(\\.\\./)*(src/)?${room}/(?!${door.replaceAll('.', '\\.')}$)`,
  message,
});

const roomRules = Object.entries(rooms).flatMap(([room, mayImport]) => {
  const opened = closedRooms.filter(({ openedBy }) => openedBy.includes(room));
  const mayUse = [room, ...mayImport, ...opened.map((each) => each.room)];
  const others = Object.keys(rooms).filter((other) => !mayUse.includes(other));
  const forbidden = [
    ...others.map((other) => ({
      path: `^(\\.\\./)+(src/)?${other}/`,
      message: `src/${room} may not import src/${other} (docs/architecture.md).`,
    })),
    ...opened.map(inside),
  ];
  if (room !== 'editor') {
    forbidden.push({ path: '^vscode$', message: 'Only src/editor knows VS Code (docs/architecture.md).' });
  }
  return rulesOf(room, forbidden);
});

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'out/',
      'node_modules/',
      '.cache/',
      'scripts/vscode-host/node_modules/',
      'test-results/',
      '.vscode-test/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `using lock = …` is used by being there.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': ['error', named],
    },
  },
  {
    // node:test returns promises nobody awaits: the runner does.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['src/**/*.ts'], rules: { 'no-console': 'error' } },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  ...roomRules,
  ...rulesOf('webview', []),
  importRules(
    ['src/extension.ts'],
    closedRooms.map(inside),
    doors.filter(({ room }) => room === 'editor'),
  ),
);
