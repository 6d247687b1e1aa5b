import { dirname, join } from 'node:path';
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
    {
      // A thread runs a program of its own: it is built beside the server's, and the server finds it there.
      name: 'threads',
      transform(code, id) {
        const found = /new URL\(["'](\.\/[\w-]+-thread)\.server\.ts["'], import\.meta\.url\)/.exec(code);
        if (!found || this.environment.config.consumer !== 'server') return null;
        const [written, name = ''] = found;
        const file = this.emitFile({
          ...{ type: 'chunk', id: join(dirname(id), `${name}.server.ts`), fileName: `${name.slice(2)}.js` },
        });
        return code.replace(written, `new URL(import.meta.ROLLUP_FILE_URL_${file})`);
      },
    },
  ],
  build: { target: 'es2023', assetsInlineLimit: 0 },
});
