// Lint settles style and keeps the house in order: `rooms` below is the table of docs/architecture.md.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each room under src/ may import besides itself, npm packages and Node. */
const rooms = {
  uforge: [],
  appliance: ['uforge'],
  tickets: ['uforge'],
  forge: ['uforge', 'appliance'],
  headless: ['uforge', 'appliance', 'tickets'],
  agents: ['uforge', 'appliance', 'tickets', 'headless'],
  editor: ['uforge', 'appliance', 'tickets', 'headless', 'agents'],
  cli: ['uforge', 'appliance', 'tickets', 'headless', 'agents'],
};

/** The one door of the forge that other rooms may use: it starts the process, then they talk HTTP. */
const forgeDoor = 'forge/launch.ts';
const roomsThatStartTheForge = ['editor', 'cli'];

const named = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };

/** `forbidden`: regular expressions of import paths with the reason; `import()` is no way round them. */
const importRules = (files, forbidden) => ({
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
    ],
  },
});

const insideForge = {
  path: '^\\.{1,2}/(\\.\\./)*(src/)?forge/(?!launch\\.ts$)',
  message: `Only src/${forgeDoor} is open to others: start the forge, then talk HTTP to it.`,
};

const roomRules = Object.entries(rooms).map(([room, mayImport]) => {
  const others = Object.keys(rooms).filter((other) => other !== room && !mayImport.includes(other));
  const opensForgeDoor = roomsThatStartTheForge.includes(room);
  const forbidden = others
    .filter((other) => !(other === 'forge' && opensForgeDoor))
    .map((other) => ({
      path: `^(\\.\\./)+(src/)?${other}/`,
      message: `src/${room} may not import src/${other} (docs/architecture.md).`,
    }));
  if (opensForgeDoor) forbidden.push(insideForge);
  if (room !== 'editor') {
    forbidden.push({ path: '^vscode$', message: 'Only src/editor knows VS Code (docs/architecture.md).' });
  }
  return importRules([`src/${room}/**/*.ts`], forbidden);
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
  importRules(['src/extension.ts'], [insideForge]),
);
