import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

// Built into the server, for what is not used of them is then left out: loading them whole took half of every start.
const mostlyUnused = [/^@shopify\/(polaris|shopify-app-remix)/, /^@react-email\//];

export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ['**/*.test.*'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
      },
    }),
    {
      // The server is one program, HTTP and worker: its entry is ours, and it takes Remix's build as a module.
      name: 'server-entry',
      enforce: 'post',
      config: (_config, { isSsrBuild }) =>
        isSsrBuild
          ? { build: { rollupOptions: { input: 'app/server.ts' } }, ssr: { noExternal: mostlyUnused } }
          : undefined,
    },
  ],
  build: { target: 'es2023', assetsInlineLimit: 0 },
});
