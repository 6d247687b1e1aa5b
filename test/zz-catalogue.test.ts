import { rmSync, mkdtempSync } from 'node:fs';
import { expect, test, beforeAll, afterAll } from 'vitest';
import { startEsimGo } from './sandbox/esim-go/server.ts';
import { startShopify } from './sandbox/shopify/start.ts';

const dir = mkdtempSync('/tmp/zzcat-');
let go: any, sh: any, m: any;
beforeAll(async () => {
  go = await startEsimGo({ requestsPerSecond: 100_000 });
  go.createOrganisation({ apiKey: 'good-key-123', balance: 100 });
  Object.assign(process.env, { SHOPIFY_API_KEY: 'k', SHOPIFY_API_SECRET: 's', SHOPIFY_APP_URL: 'http://127.0.0.1:4010',
    ENCRYPTION_KEYS: 'k1:' + Buffer.alloc(32, 1).toString('base64'), BLIND_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
    RESEND_API_KEY: 're', MAIL_FROM: 'a@b.example', DATA_DIR: dir, ESIM_GO_BASE_URL: go.apiUrl, LOG_LEVEL: 'info' });
  sh = await startShopify({ apiKey: 'k', apiSecret: 's', appUrl: 'http://127.0.0.1:4010', webhooks: null });
  const real = globalThis.fetch;
  globalThis.fetch = ((input: any, init: any) => {
    const url = new URL(typeof input === 'string' ? input : (input.url ?? String(input)));
    if (!url.hostname.endsWith('.myshopify.com')) return real(input, init);
    const headers = new Headers(init?.headers); headers.set('x-sandbox-shop', url.hostname);
    return real(sh.url + url.pathname + url.search, { ...init, headers });
  }) as any;
  const dbm = await import('../app/platform/db.server.ts');
  await dbm.openDatabase();
  m = { dbm, ...(await import('../app/catalogue/sync.server.ts')), ...(await import('../app/catalogue/queries.server.ts')),
    ...(await import('../app/products/publish.server.ts')), ...(await import('../app/products/mapping.server.ts')), ...(await import('../app/products/reprice.server.ts')),
    ...(await import('../app/products/price-rule.server.ts')), ...(await import('../app/products/pricing.ts')),
    sup: await import('../app/settings/suppliers.server.ts'), shops: await import('../app/shopify/shops.server.ts'),
    q: await import('../app/platform/queue.server.ts'), bundle: await import('../app/catalogue/bundle.ts'), ss: await import('../app/shopify/session-storage.server.ts'), Session: (await import('@shopify/shopify-api')).Session };
  await m.q.startQueue();
}, 60_000);
afterAll(async () => { await m.q.stopQueue(100); await m.dbm.closeDatabase(); await go.close(); await sh.close(); rmSync(dir, { recursive: true, force: true }); });

test('all', async () => {
  const domain = 'demo.myshopify.com';
  sh.createShop(domain, { currency: 'USD' });
  sh.installApp(domain);
  const db = m.dbm.db;
  const idTok = await sh.idToken(domain);
  const r = await fetch(`https://${domain}/admin/oauth/access_token`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify({ client_id: 'k', client_secret: 's', grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: idTok, subject_token_type: 'urn:ietf:params:oauth:token-type:id_token', requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token', expiring: '1' }) });
  const tok: any = await r.json(); console.log(r.status, Object.keys(tok), tok.error_description ?? '', sh.state.shops?.size);
  await m.ss.sessionStorage().storeSession(new m.Session({ id: 'offline_' + domain, shop: domain, state: '', isOnline: false, accessToken: tok.access_token, scope: tok.scope, expires: new Date(Date.now() + 3600e3), refreshToken: tok.refresh_token }));
  const shop = await m.shops.installedShop(domain);
  const c = await m.sup.connectSupplier(shop, { provider: 'esim-go', credentials: { apiKey: 'good-key-123' } });
  if (process.env.TURN) {
    const { takeTurn } = await import('../app/platform/rate-limit.server.ts');
    const go2 = async (gap: number) => { const o = []; for (let i = 0; i < 8; i++) { const s = performance.now(); const before = await db.rateBudget.findMany(); await takeTurn('h' + gap, 8, 5000); const after = await db.rateBudget.findMany(); o.push(Math.round(performance.now() - s) + '/' + (after.find((r: any) => r.host === 'h' + gap)?.nextAt - (before.find((r: any) => r.host === 'h' + gap)?.nextAt ?? 0))); await new Promise((r) => setTimeout(r, gap)); } console.log(gap, o.join(' ')); };
    const of = globalThis.fetch; globalThis.fetch = (async (i: any, o: any) => { const s = performance.now(); const r = await of(i, o); console.log('FETCH', Math.round(performance.now() - s), 'at', Math.round(s)); return r; }) as any;
    const { provider } = await m.sup.supplierFor({ shopId: shop.id, accountId: c.accountId });
    let n = 0; for await (const _ of provider.listBundles()) { console.log('PAGE', Math.round(performance.now())); if (++n > 5) break; }
    return;
  }
  const [a, b] = await Promise.all([m.startImport(shop, c.accountId), m.startImport(shop, c.accountId)]);
  expect(a.importId).toBe(b.importId);
  const orig = db.$transaction.bind(db); let tx = 0; (globalThis as any).txms = () => tx;
  m.dbm.db.$transaction = async (f: any, o: any) => { const s = performance.now(); try { return await orig(f, o); } finally { tx += performance.now() - s; } };
  let t = Date.now(); if (process.env.SHORT) { await m.runImport(a.importId); console.log(Date.now() - t, go.requests.map((r: any) => r.at).map((x: any, i: number, l: any) => i ? x - l[i - 1] : 0).join(' ')); return; }
  await Promise.all([m.runImport(a.importId), m.runImport(a.importId)]);
  console.log('import ms', Date.now() - t, 'tx', tx, go.requests.map((r: any) => r.at ?? r.time).map((x: any, i: number, l: any) => i ? x - l[i - 1] : 0).join(' '), await m.importProgress(shop), go.requests.length);
  t = Date.now();
  const again = await m.startImport(shop, c.accountId); await m.runImport(again.importId);
  console.log('reimport ms', Date.now() - t, await m.importProgress(shop));
  // grow to 5000+
  await db.$executeRaw`INSERT INTO "Bundle" SELECT id || '-x', "shopId", "accountId", code || '_X', description, countries, region, "dataBytes", unlimited, days, speeds, groups, autostart, cost, currency, "imageUrl", null, null, "createdAt", "updatedAt" FROM "Bundle"`;
  await db.$executeRaw`INSERT INTO "Bundle" SELECT id || '-y', "shopId", "accountId", code || '_Y', description, countries, region, "dataBytes", unlimited, days, speeds, groups, autostart, cost, currency, "imageUrl", null, null, "createdAt", "updatedAt" FROM "Bundle" WHERE code LIKE '%\_X'`;
  console.log('rows', await m.countBundles(shop));
  for (const query of [{}, { search: 'germany 5' }, { country: 'FR' }, { page: 60 }, { search: 'esim_1GB_7D_fr' }, { search: "o'%_\\" }, { onlySold: true }]) {
    t = Date.now(); const f = await m.findBundles(shop, { page: 1, perPage: 50, ...query });
    console.log(JSON.stringify(query), Date.now() - t, 'ms', f.total, f.bundles.slice(0, 3).map((x: any) => m.bundle.bundleTitle(x)));
  }
  t = Date.now(); console.log('countries', (await m.countriesOf(shop)).length, Date.now() - t);
  // third import withdraws the invented
  const w = await m.startImport(shop, c.accountId); t = Date.now(); await m.runImport(w.importId);
  console.log('import with withdrawals ms', Date.now() - t, await m.importProgress(shop));
  await db.$executeRaw`UPDATE "Bundle" SET "withdrawnAt" = now() WHERE code = 'esim_1GB_7D_FR_V2'`;
  await db.$executeRaw`UPDATE "Bundle" SET cost = 1 WHERE code = 'esim_2GB_15D_FR_V2'`;
  const v = await m.startImport(shop, c.accountId); await m.runImport(v.importId); console.log('back', await m.importProgress(shop));
  // stale takeover
  const s = await m.startImport(shop, c.accountId);
  await db.catalogueImport.update({ where: { id: s.importId }, data: { state: 'running', done: 77, heartbeatAt: new Date(Date.now() - 3 * 60e3) } });
  console.log('stale', await m.staleImports()); await m.runImport(s.importId); console.log(await m.importProgress(shop));
  // publish
  const one = (await m.findBundles(shop, { search: 'esim_1GB_7D_FR_V2', page: 1, perPage: 5 })).bundles[0];
  const p = await Promise.all([m.publishBundle(shop, one.id), m.publishBundle(shop, one.id)]);
  console.log(p, await m.publishBundle(shop, one.id));
  await db.variantMapping.deleteMany({}); // crash before commit
  console.log('after crash', await m.publishBundle(shop, one.id));
  const products = sh.state.shop?.(domain)?.products ?? [];
  
  const eu = (await m.findBundles(shop, { search: 'Europe unlimited', page: 1, perPage: 5 })).bundles;
  console.log(await m.publishBundles(shop, eu.map((x: any) => x.id).concat('nope')));
  const mp = await m.listMappings(shop, { page: 1 }); console.log(mp.total, mp.mappings[0]);
  console.log(await m.bundlesForVariants(shop.id, mp.mappings.map((x: any) => x.variantGid)));
  console.log('map', await m.mapVariant(shop, { variantGid: mp.mappings[0].variantGid, bundleId: one.id }), await m.mapVariant(shop, { variantGid: 'gid://shopify/ProductVariant/99999', bundleId: one.id }).catch((e: any) => e));
  const { Decimal } = await import('decimal.js');
  await m.changePriceRule(shop, { markupPercent: new Decimal(60), rounding: '.99' });
  console.log((await m.outdatedPrices(shop)).products.length, await m.repricePublished(shop, { deadline: new Date(Date.now() + 9000) }), await m.repricePublished(shop, { deadline: new Date(Date.now() + 9000) }));
  // failures
  go.conducts.on('throttles');
}, 120_000);
