import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    name: 'extensions',
    include: ['**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    // Only what hangs meets it: the machine may be busy with something else.
    testTimeout: 60_000,
    env: { APP_URL: 'https://app.example' },
    // The tester imports the extension's .tsx by itself, which only works when Vite handles the tester too.
    server: { deps: { inline: ['@shopify/ui-extensions-tester'] } },
  },
});
