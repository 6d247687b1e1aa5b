import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskView } from '../../app/ui/esim/desk-view.ts';
import type { FoundView } from '../../app/ui/esim/found-view.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

interface Page {
  status: string;
  isSuspended: boolean;
  desk: DeskView;
  events: { text: string }[];
}

/** An eSIM of another place on the desk of a shop: its page, its buttons, and what its supplier tells besides. */
async function onTheDesk(merchant: Merchant, account: Record<string, string>, iccid: string) {
  const suppliers = ['/app/settings/suppliers', 'app.settings.suppliers'] as const;
  expect((await merchant.send(...suppliers, { intent: 'connect', ...account })).status).toBe(200);
  await merchant.send('/app/esims?index', 'app.esims._index', { intent: 'adopt', iccid });
  const { data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed: iccid });
  const { groups } = data as FoundView; // what the route answers
  const path = `/app/esims/${groups[0]?.rows[0]?.id ?? ''}`;
  return {
    page: () => merchant.read<Page>(path, 'app.esims.$esimId'),
    press: (intent: string, more: Record<string, string> = {}) =>
      merchant.send(`${path}/act`, 'app.esims.$esimId_.act', { intent, actionId: randomUUID(), ...more }),
    told: () =>
      merchant.read<{ facts: [string, string][]; topUps: string[] | null }>(
        `${path}/told`,
        'app.esims.$esimId_.told',
      ),
  };
}

test('an eSIM at Simvox is kept off the networks, let back, and removed for good; what Simvox lacks is refused', async () => {
  const merchant = await openShop(world, { imports: false });
  const token = `token-of-${merchant.domain}`;
  world.simvox.createAccount(token);
  const { iccid } = world.simvox.buyByHand(token);
  const desk = await onTheDesk(merchant, { provider: 'simvox', token }, iccid);
  const network = () => world.simvox.esims.find((esim) => esim.iccid === iccid)?.networkStatus;

  expect((await desk.page()).desk).toMatchObject({
    offers: ['revoke', 'suspend', 'remove'],
    tellsMore: true,
  });
  for (const [intent, more] of [
    ['sms', { message: 'Hello' }],
    ['refresh', {}],
    ['reference', { reference: 'VIP' }],
  ] as const)
    expect(await desk.press(intent, more)).toMatchObject({ status: 409, data: { reason: 'unable' } });

  expect((await desk.press('suspend')).status).toBe(200);
  expect(network()).toBe('suspended');
  expect(await desk.page()).toMatchObject({
    ...{ isSuspended: true, desk: { offers: ['revoke', 'unsuspend', 'remove'] } },
  });
  expect((await desk.press('unsuspend')).status).toBe(200);
  expect(network()).toBe('active');
  expect((await desk.page()).isSuspended).toBe(false);
  expect((await desk.told()).topUps).not.toEqual([]);

  expect((await desk.press('remove')).status).toBe(200);
  expect(world.simvox.esims.filter((esim) => esim.iccid === iccid)).toEqual([]);
  const { status, desk: left, events } = await desk.page();
  expect(status).toBe('revoked');
  expect(left.offers).toEqual([]);
  expect(events.map(({ text }) => text).join('\n')).toMatch(
    /Removed from the supplier account[^]*Let back[^]*Kept off/,
  );
  expect(await desk.press('remove')).toMatchObject({ status: 409, data: { reason: 'changed' } });
});

test('GoHub tells what was bought, and has no button for anything', async () => {
  const merchant = await openShop(world, { imports: false });
  const key = `key-of-${merchant.domain}`;
  world.goHub.createAccount(key);
  const { iccid, orderId } = world.goHub.buyByHand(key);
  const account = {
    ...{ provider: 'gohub', header: 'X-API-Key', key },
    baseUrl: world.goHub.url,
  };
  const desk = await onTheDesk(merchant, account, iccid);
  expect((await desk.page()).desk).toMatchObject({ offers: [], tellsMore: true });
  const { facts, topUps } = await desk.told();
  expect(Object.fromEntries(facts)).toMatchObject({ Order: orderId, Product: expect.any(String) as string });
  expect(topUps).toBeNull();
  for (const intent of ['suspend', 'unsuspend', 'remove', 'refresh'])
    expect(await desk.press(intent)).toMatchObject({ status: 409, data: { reason: 'unable' } });
});
