import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', 'var', '.tap', 'bench/out', 'test/data'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  // Scripts of the portal's pages: types in comments, checked by test/portal/browser-scripts.test.ts.
  {
    files: ['src/portal/browser/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { projectService: false } },
  },
  { files: ['src/cli/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    // tap runs and reports what `t.test` returns whether or not it is awaited.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: '@tapjs/test', name: 'test' },
            { from: 'package', package: '@tapjs/core', name: 'test' },
          ],
        },
      ],
    },
  },
);
