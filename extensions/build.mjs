// Builds the extensions with Shopify's own CLI, offline, and refuses a bundle that is too heavy.
// The app's address is written into the bundles: APP_URL=… node extensions/build.mjs
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

// Their folders, and whether they hold the app's address: in the admin Shopify resolves a bare path by itself.
const EXTENSIONS = {
  'thank-you': { folder: 'thank-you', holdsAddress: true },
  'order-status': { folder: 'order-status', holdsAddress: true },
  'admin-order': { folder: 'admin-order', holdsAddress: false },
  'admin-order-email': { folder: 'admin-order', holdsAddress: false },
};
const HANDLES = Object.keys(EXTENSIONS);
const MAX_COMPRESSED_BYTES = 20 * 1024;
// On an import it cannot resolve the CLI has been seen to hang instead of failing.
const TIMEOUT_MS = 120_000;

const root = path.join(import.meta.dirname, '..');
const appUrl = process.env.APP_URL ?? applicationUrl();

for (const handle of HANDLES) rmSync(bundleOf(handle), { force: true });
const result = spawnSync(nodeForCli(), [cliEntry(), 'app', 'build', '--skip-dependencies-installation'], {
  cwd: root,
  env: { ...process.env, APP_URL: appUrl, CI: '1', SHOPIFY_CLI_NO_ANALYTICS: '1', NO_COLOR: '1' },
  encoding: 'utf8',
  timeout: TIMEOUT_MS,
  killSignal: 'SIGKILL',
});
const missing = HANDLES.filter((handle) => !existsSync(bundleOf(handle)));
if (result.error || result.status !== 0 || missing.length > 0) {
  console.error(result.stdout, result.stderr);
  fail(
    result.error
      ? `Shopify CLI: ${result.error.message}`
      : `Shopify CLI did not build: ${missing.join(', ') || 'see above'}`,
  );
}

for (const handle of HANDLES) {
  const bundle = readFileSync(bundleOf(handle));
  const compressed = gzipSync(bundle).length;
  console.log(
    `${handle}: ${kilobytes(bundle.length)} raw, ${kilobytes(compressed)} compressed (limit ${kilobytes(MAX_COMPRESSED_BYTES)})${EXTENSIONS[handle].holdsAddress ? `, calls ${appUrl}` : ''}`,
  );
  if (compressed > MAX_COMPRESSED_BYTES) fail(`${handle} is too heavy.`);
  if (EXTENSIONS[handle].holdsAddress && !bundle.includes(appUrl))
    fail(`${handle} does not know the app's address.`);
}

function bundleOf(handle) {
  return path.join(root, 'extensions', EXTENSIONS[handle].folder, 'dist', `${handle}.js`);
}

/** The CLI does not start on Node older than 22.12; the project brings a newer one along. */
function nodeForCli() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ownNode = path.join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  return major > 22 || (major === 22 && minor >= 12) ? process.execPath : ownNode;
}

function cliEntry() {
  const manifestFile = createRequire(import.meta.url).resolve('@shopify/cli/package.json');
  const { bin } = JSON.parse(readFileSync(manifestFile, 'utf8'));
  return path.join(path.dirname(manifestFile), bin.shopify);
}

function applicationUrl() {
  const toml = readFileSync(path.join(root, 'shopify.app.toml'), 'utf8');
  return /^application_url = "(.+)"$/m.exec(toml)?.[1] ?? fail('shopify.app.toml has no application_url.');
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
