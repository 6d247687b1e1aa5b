import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhatIsStale, root } from '../build.ts';
import { startApp, type AppProcess } from './app-process.ts';
import {
  adminUrl,
  anyPorts,
  appEnvironment,
  DEMO_SHOP,
  ESIM_GO_KEY,
  GOHUB_KEY,
  openConsole,
  openSandbox,
  SIMVOX_TOKEN,
  type Ports,
} from './sandbox.ts';
import { RESELLER_ACCOUNT } from './reseller/server.ts';
import { freePort } from '../free-port.ts';

const { values: flags } = parseArgs({ options: { check: { type: 'boolean' }, fresh: { type: 'boolean' } } });

const ports: Ports = {
  ...{ console: 4000, shopify: 4001, esimGo: 4002, resend: 4003, ecb: 4004, app: 4010 },
  ...{ simvox: 4005, goHub: 4006, reseller: 4007 },
};
const folder = join(root, '.demo');

/** Everything the demo runs, and how to end it. */
async function open({ ports, folder, echo }: { ports: Ports; folder: string; echo: boolean }) {
  const port = ports.app === 0 ? await freePort() : ports.app;
  const appUrl = `http://127.0.0.1:${String(port)}`;
  const sandbox = await openSandbox({ ports, folder: join(folder, 'sandbox'), appUrl });
  let app: AppProcess | undefined;
  try {
    if (!sandbox.shopify.state.findShop(DEMO_SHOP)) {
      sandbox.shopify.createShop(DEMO_SHOP, { name: 'Wayfarer', currency: 'USD' });
      sandbox.shopify.installApp(DEMO_SHOP);
    }
    app = await startApp(appEnvironment(sandbox, { appUrl, port, dataDir: join(folder, 'data') }), { echo });
    const index = await openConsole(sandbox, { port: ports.console, appUrl });
    const running = app;
    return {
      sandbox,
      app: running,
      appUrl,
      index: index.url,
      close: async () => {
        await running.stop();
        await index.close();
        await sandbox.close();
      },
    };
  } catch (error) {
    await app?.stop();
    await sandbox.close();
    throw error;
  }
}

async function demo() {
  for (const port of Object.values<number>({ ...ports })) await requireFree(port);
  if (flags.fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log('Building …');
  buildWhatIsStale();
  const world = await open({ ports, folder, echo: false });
  const { shopify, esimGo, reseller, simvox, goHub, resend, ecb } = world.sandbox;
  console.log(`
The shop is open.

  Start here         ${world.index}
  Shopify admin      ${adminUrl(shopify)}
  Storefront         ${shopify.url}/store/demo
  Mailbox            ${resend.url}
  Exchange rates     ${ecb.url}

The suppliers, each with its portal and what the app is connected with:

  eSIM Go   ${esimGo.url}   API key ${ESIM_GO_KEY}
  eSIM API  ${reseller.url}   ${reseller.apiUrl}, ${RESELLER_ACCOUNT.email}, ${RESELLER_ACCOUNT.password}
  Simvox    ${simvox.url}   token ${SIMVOX_TOKEN}
  GoHub     ${goHub.url}   ${goHub.url}, header x-api-key, key ${GOHUB_KEY}

In the admin: connect eSIM Go, import the catalogue, publish a bundle, then buy it in the storefront. Simvox and GoHub
only tell of eSIMs that were bought in their portals: buy one there, and add it under eSIMs by its ICCID.
What you do is kept in .demo; npm run demo -- --fresh starts over. Ctrl-C ends everything.`);
  let closing = false;
  world.app.child.once('exit', (code) => {
    if (closing) return;
    console.error(
      `\nThe app stopped by itself (${String(code)}). Its last words:\n${world.app.output().slice(-4000)}`,
    );
    process.exit(1);
  });
  const stop = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    closing = true;
    console.log('\nClosing the shop …');
    void world.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

async function check() {
  buildWhatIsStale();
  const folder = mkdtempSync(join(tmpdir(), 'esim-demo-'));
  const world = await open({
    ports: anyPorts,
    folder,
    echo: false,
  });
  try {
    const { playStory } = await import('../e2e/story.ts');
    const { canariesIn } = await import('../e2e/canaries.ts');
    const steps = await playStory(world);
    const leaks = canariesIn(world.app.output(), world.sandbox);
    if (leaks.length > 0) throw new Error(`The app's log holds: ${leaks.join(', ')}`);
    console.log(
      `demo ok: ${Object.entries(steps)
        .map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)} s`)
        .join(' · ')}`,
    );
  } catch (error) {
    console.error(`demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    console.error(`The app's last words:\n${world.app.output().slice(-4000)}`);
    process.exitCode = 1;
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function requireFree(port: number) {
  const free = await new Promise<boolean>((done) => {
    const probe = createServer()
      .once('error', () => {
        done(false);
      })
      .listen(port, '127.0.0.1', () =>
        probe.close(() => {
          done(true);
        }),
      );
  });
  if (free) return;
  console.error(
    `Port ${String(port)} is in use. If a demo runs in another terminal, use that one or end it with Ctrl-C; otherwise end the program that holds the port.`,
  );
  process.exit(1);
}

await (flags.check ? check() : demo());
