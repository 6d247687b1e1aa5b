import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Page } from '@shopify/polaris';
import { z } from 'zod';
import { stuckCallbacks } from '../notifications/callback-work.server.ts';
import {
  callbackPlace,
  renewCallbackPlace,
  subscribeToCallbacks,
  takeUnsigned,
} from '../settings/callbacks.server.ts';
import { releaseHeld } from '../purchases/release-held.server.ts';
import { connectSupplier, enteredFor } from '../settings/connect-supplier.server.ts';
import {
  disconnectSupplier,
  listSuppliers,
  supplierForms,
  groupsOf,
  healthOf,
  testSupplier,
  type SupplierForm,
} from '../settings/suppliers.server.ts';
import { requireShop, type Visit } from '../shopify/auth.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { displayFor, type Display } from '../ui/display.ts';
import { notFound, problemBody } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { AddAccount } from '../ui/supplier/add-account.tsx';
import { SupplierCard } from '../ui/supplier/supplier-card.tsx';
import type { SupplierAnswer, SupplierRow } from '../ui/supplier/row.ts';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'Suppliers' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const accounts = await listSuppliers(shop);
  const show = displayFor({ locale, timezone: shop.timezone });
  const rows = supplierForms().map((form) => rowsOf(shop, form, { accounts, show }));
  return json({ suppliers: (await Promise.all(rows)).flat() });
}

/** A supplier's accounts, or the supplier alone. */
async function rowsOf(
  shop: Shop,
  { callbacks, ...form }: SupplierForm,
  { accounts, show }: { accounts: Account[]; show: Display },
): Promise<SupplierRow[]> {
  const blank = { ...form, label: form.title, account: null, formerId: null, entered: {}, callbacks: null };
  const own = accounts.filter(({ provider }) => provider === form.provider);
  if (own.length === 0) return [blank];
  return Promise.all(
    own.map(async (account) => {
      const { id, label, state } = account;
      if (state === 'disconnected') return { ...blank, label, formerId: id };
      const calls = callbacks && { ...callbacks, ...(await callsOf(shop, id, show)) };
      const entered = await enteredFor(shop, id);
      return { ...blank, label, account: accountFor(account, show), entered, callbacks: calls };
    }),
  );
}

type Account = Awaited<ReturnType<typeof listSuppliers>>[number];

function accountFor({ id, state, keyLast4, balance, currency, balanceAt }: Account, show: Display) {
  return {
    id,
    keyLast4,
    isRefused: state === 'key-refused',
    balance: balance && currency !== null ? show.cost({ amount: balance, currency }) : null,
    balanceAge: balanceAt ? show.distance(balanceAt, currentTime()) : null,
  };
}

async function callsOf(shop: Shop, accountId: string, show: Display) {
  const { takenAt, refusedAt, ...place } = await callbackPlace(shop, accountId);
  const distance = (at: Date | null) => at && show.distance(at, currentTime());
  return {
    ...place,
    taken: distance(takenAt),
    refused: refusedAt && (!takenAt || refusedAt > takenAt) ? distance(refusedAt) : null,
    stuck: await stuckCallbacks({ shopId: shop.id, accountId }),
  };
}

const Intent = z.discriminatedUnion('intent', [
  // The supplier's own fields come beside these.
  z.looseObject({
    ...{ intent: z.literal('connect'), provider: z.string() },
    accountId: z.string().default(''),
    label: z.string().trim().max(60, 'At most 60 characters.').default(''),
  }),
  z.object({ intent: z.literal('test'), accountId: z.string() }),
  z.object({ intent: z.literal('disconnect'), accountId: z.string() }),
  z.object({ intent: z.literal('subscribe'), accountId: z.string() }),
  z.object({ intent: z.literal('renew-callbacks'), accountId: z.string() }),
  z.object({ intent: z.literal('take-unsigned'), accountId: z.string(), unsigned: z.enum(['on', '']) }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const visit = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') throw json(form, 400);
  const { input } = form;
  if (input.intent === 'connect') return connect(visit, input, input);

  const { shop, locale } = visit;
  const accounts = await listSuppliers(shop);
  if (!accounts.some(({ id, state }) => id === input.accountId && state !== 'disconnected')) throw notFound();
  switch (input.intent) {
    case 'test': {
      const balance = await testSupplier(shop, input.accountId);
      // Asked in any case: why a test fails may be the supplier's own trouble.
      const health = healthView(await healthOf(shop, input.accountId));
      if (balance instanceof Error) return refused(balance, { health });
      if (balance === null) return done('The connection works.', { health });
      const show = displayFor({ locale, timezone: shop.timezone });
      return done(`The connection works. Balance: ${show.cost(balance)}`, {
        health,
        groups: await groupsOf(shop, input.accountId),
      });
    }
    case 'disconnect':
      await disconnectSupplier(shop, input.accountId);
      return done('Supplier disconnected');
    case 'subscribe': {
      const problem = await subscribeToCallbacks(shop, input.accountId);
      return problem ? refused(problem) : done('The supplier calls this app from now on');
    }
    case 'renew-callbacks':
      await renewCallbackPlace(shop, input.accountId);
      return done('The address is new');
    case 'take-unsigned':
      await takeUnsigned(shop, input.accountId, input.unsigned === 'on');
      return done('Saved');
    default:
      return input satisfies never;
  }
}

async function connect(
  { shop }: Visit,
  { provider, accountId, label }: { provider: string; accountId: string; label: string },
  posted: Record<string, unknown>,
) {
  const form = supplierForms().find((known) => known.provider === provider);
  if (!form) throw notFound();
  if (accountId !== '') {
    const known = (await listSuppliers(shop)).find(({ id }) => id === accountId);
    if (known?.provider !== provider) throw notFound();
  }
  // What was not chosen is for the schema to say.
  const fields = form.fields.filter(({ name, kind }) => kind !== 'choice' || textOf(posted[name]) !== '');
  const credentials = Object.fromEntries(fields.map(({ name }) => [name, textOf(posted[name])]));
  const outcome = await connectSupplier(shop, {
    ...{ provider: form.provider, credentials, label },
    accountId: accountId === '' ? null : accountId,
  });
  switch (outcome.status) {
    case 'connected':
      await releaseHeld({ shopId: shop.id, accountId: outcome.accountId }, ['branding']);
      return done(`${form.title} is connected`);
    case 'refused':
      return refused(outcome.problem);
    case 'invalid':
      return json<SupplierAnswer>({ ...nothing, fields: outcome.fields }, 422);
    default:
      return outcome satisfies never;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const nothing: SupplierAnswer = { toast: null, fields: {}, problem: null, groups: null, health: null };

function done(toast: string, told: Partial<SupplierAnswer> = {}) {
  return json<SupplierAnswer>({ ...nothing, toast, ...told });
}

function refused(error: Error, told: Partial<SupplierAnswer> = {}) {
  return json<SupplierAnswer>({ ...nothing, problem: problemBody(error), ...told }, 422);
}

function healthView(health: Awaited<ReturnType<typeof healthOf>>): SupplierAnswer['health'] {
  if (!health) return null;
  const services = Object.entries(health.services).map(([name, state]) => `${name} ${state}`);
  return { isHealthy: health.isHealthy, services: services.join(', ') };
}

export default function Suppliers() {
  const { suppliers } = useLoaderData<typeof loader>();
  return (
    <Page title="Suppliers" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {suppliers.map((supplier, at) => (
          <BlockStack key={supplier.account?.id ?? supplier.formerId ?? supplier.provider} gap="400">
            <SupplierCard supplier={supplier} />
            {suppliers[at + 1]?.provider !== supplier.provider && supplier.account && (
              <AddAccount supplier={supplier} />
            )}
          </BlockStack>
        ))}
      </BlockStack>
    </Page>
  );
}
