// What `npm run lint` asks dependency-cruiser: no file imports another that imports it in turn, not even a
// type.

export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Move what both need into a file of its own, below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true, // type imports, too
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
