import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

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
        isSsrBuild ? { build: { rollupOptions: { input: 'app/server.ts' } } } : undefined,
    },
  ],
  build: { target: 'es2023', assetsInlineLimit: 0 },
});
