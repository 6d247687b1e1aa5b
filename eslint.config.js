import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      'build/',
      'node_modules/',
      'prisma/client/',
      'extensions/*/dist/',
      '.demo/',
      '**/*.d.ts',
      'test/sandbox/shopify/pages/public/',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'react-hooks': hooks },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...hooks.configs.recommended.rules,
      // Numbers read well in a template, and a floating promise is never fine.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      // `void` callbacks such as `() => clearTimeout(timer)` are how JavaScript is written.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Marked for React Router 7: Remix 2 without single fetch has no other way to answer typed data.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: '@remix-run/server-runtime', name: 'json' }] },
      ],
      // What only the browser knows (its storage, an answer that came) is read after hydration, in an effect.
      'react-hooks/set-state-in-effect': 'off',
      // This rule of 8.73.0 overflows the stack on Prisma's recursive types.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Remix answers by throwing a Response.
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allow: [
            { from: 'lib', name: 'Response' },
            { from: 'package', package: '@remix-run/server-runtime', name: 'TypedResponse' },
          ],
        },
      ],
    },
  },
  {
    // What is written down or compared is told by the database's clock; these look at the process's on purpose.
    files: ['app/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}', 'app/platform/{time,db.server,data-directory.server}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          'NewExpression[callee.name="Date"][arguments.length=0]',
          'MemberExpression[object.name="Date"][property.name="now"]',
        ].map((selector) => ({
          selector,
          message: 'Use currentTime() or msSince() of app/platform/time.ts.',
        })),
      ],
    },
  },
);
