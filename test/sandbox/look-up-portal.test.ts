import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { scratchFolder } from '../scratch.ts';
import { startGoHub } from './gohub/server.ts';
import { startSimvox } from './simvox/server.ts';

const folder = scratchFolder('look-up-portal');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const press = (url: string, act: string, iccid = '') =>
  fetch(`${url}/portal/${act}`, { method: 'POST', body: new URLSearchParams({ iccid }) });

test('what a person buys in a portal, the API tells, and both remember it', async () => {
  const options = { tokens: ['portal-token'], stateFile: join(folder, 'simvox.json') };
  const before = await startSimvox(options);
  await press(before.url, 'buy');
  const iccid = before.esims[0]?.iccid ?? '';
  await press(before.url, 'install', iccid);
  await press(before.url, 'use', iccid);
  await before.close();

  const simvox = await startSimvox(options);
  const page = await (await fetch(simvox.url)).text();
  expect(page).toContain(iccid);
  expect(page).toContain('portal-token');
  const told = await fetch(`${simvox.apiUrl}/esim/${iccid}/plans`, {
    headers: { authorization: 'Bearer portal-token' },
  });
  expect(await told.json()).toMatchObject({ response: [{ data_used: '250', status: 'active' }] });
  await simvox.close();
});

test('the portal of GoHub says with what the app is connected', async () => {
  const goHub = await startGoHub({ keys: ['portal-key'] });
  const page = await (await fetch(goHub.url)).text();
  for (const part of [goHub.url, 'x-api-key', 'portal-key']) expect(page).toContain(part);
  await press(goHub.url, 'buy');
  expect(goHub.sims).toHaveLength(1);
  await goHub.close();
});
