import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { accountId, bundleId, connectReseller, openShop, type Merchant } from '../shop.ts';
import type { World } from '../world.ts';

export const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

/** The shop, and the ids that its pages are opened with. */
export interface BusyShop {
  merchant: Merchant;
  /** Sent, one installed and used, one of the two refunded. */
  order: string;
  esim: string;
  bundle: string;
  sync: string;
  publishing: string;
  /** The account with a second supplier, which lists what moved. */
  reseller: string;
  rule: string;
  /** Sells a bundle. */
  product: string;
  variant: string;
  /** Sells nothing yet. */
  newVariant: string;
  /** What waits for somebody, by its kind. */
  entries: { id: string; kind: string; reason: string | null }[];
  /** The link of the e-mail of the order. */
  installLink: string;
  sent: Order;
}

/** A shop in which something of everything has happened that a page of the admin can show. */
export async function openBusyShop(world: World): Promise<BusyShop> {
  const merchant = await openShop(world);
  const { apiKey } = merchant;
  world.esimGo.createOrganisation({ apiKey, balance: 500, paysByConsumption: true });
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'connect', provider: 'esim-go', apiKey, version: '2.5' },
  });
  const { state } = world.shopify;
  const variantId = await merchant.sell(FRANCE);
  await merchant.sell(GERMANY);
  await addRule(merchant);
  const isSo = (order: Order, sentence: string, so: (states: string[]) => boolean) =>
    world.until(`${order.name} ${sentence}`, async () => {
      const page = await merchant.order(order);
      return page !== null && so(page.units.map((unit) => unit.reason ?? unit.state));
    });
  const sell = async (quantity: number, email: string) => {
    const order = merchant.checkout({ lines: [{ variantId, quantity }], email });
    await isSo(order, 'is sent', (states) => states.every((each) => each === 'delivered'));
    return order;
  };
  const iccidsOf = async (order: Order) =>
    ((await merchant.order(order))?.units ?? []).map(
      ({ iccidLast4 }) =>
        world.esimGo.esims.find(
          ({ apiKey, iccid }) => apiKey === merchant.apiKey && iccid.endsWith(iccidLast4 ?? '-'),
        )?.iccid ?? '',
    );

  const sent = await sell(2, 'traveller@example.com');
  const [iccid = ''] = await iccidsOf(sent);
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 850_000_000, iso: 'FR' });
  state.refundOrder(merchant.domain, sent.id, {
    lines: [{ lineItemId: sent.lines[0]?.id ?? 0, quantity: 1 }],
  });
  await isSo(sent, 'is refunded in part', (states) => states.some((each) => each === 'cancelled'));

  const cancelled = await sell(1, 'cancelled@example.com');
  world.esimGo.install((await iccidsOf(cancelled))[0] ?? '');
  state.cancelOrder(merchant.domain, cancelled.id);
  await isSo(cancelled, 'is asked about', (states) => states.includes('refund-installed'));
  const disputed = await sell(1, 'disputed@example.com');
  state.dispute(merchant.domain, disputed.id, { initiatedAs: 'CHARGEBACK', status: 'NEEDS_RESPONSE' });
  const tested = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'tested@example.com',
    test: true,
  });
  await isSo(tested, 'is held', (states) => states.includes('test-order'));
  // It is asked by the same request that buys, and the answer to the next one of those is lost below.
  await world.until('the supplier was asked whether it would sell it', () =>
    world.esimGo.requests.some(({ body, status }) => body.includes('"validate"') && status === 200),
  );
  const topUp = await sellTopUps(world, merchant);
  const unclear = merchant.checkout({
    lines: [{ variantId: topUp, quantity: 1 }],
    email: 'unclear@example.com',
  });
  await isSo(unclear, 'waits for an eSIM', (states) => states.includes('top-up'));
  world.esimGo.conducts.on('answers-503', { times: 1, only: 'POST /orders' });
  const lost = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'lost@example.com' });
  await world.until('the answer is lost', async () =>
    (await waiting(merchant)).some(({ kind }) => kind === 'doubt'),
  );
  await passTime({ minutes: 16 });
  await isSo(lost, 'is left to somebody', (states) => states.includes('no-such-order'));

  world.esimGo.addStock(merchant.apiKey, GERMANY, 3);
  const customer = state.addCustomer(merchant.domain, {
    firstName: 'Ada',
    lastName: 'Lovelace',
    email: 'ada@example.com',
  });
  state.requestCustomerData(merchant.domain, customer.id);
  await world.until('a customer asks for their data', async () => (await requests(merchant)) > 0);
  await merchant.send('/app/catalogue/views', 'app.catalogue.views', {
    intent: 'save',
    name: 'France',
    query: 'country=FR',
  });

  const { units } = (await merchant.order(sent)) ?? { units: [] };
  const esim = units.find(({ iccidLast4 }) => iccid.endsWith(iccidLast4 ?? '-'))?.esimId ?? '';
  await merchant.send(`/app/esims/${esim}`, 'app.esims.$esimId', { intent: 'look' });
  const { orders } = await merchant.read<{ orders: { id: string; name: string }[] }>(
    '/app/orders',
    'app.orders._index',
  );
  const { syncs } = await merchant.read<{ syncs: { id: string }[] }>(
    '/app/catalogue/syncs?index',
    'app.catalogue.syncs._index',
  );
  const { rules } = await merchant.read<{ rules: { id: string }[] }>(
    '/app/pricing?index',
    'app.pricing._index',
  );
  const { last } = await merchant.read<{ last: string | null }>('/app/publish?index', 'app.publish._index');
  const products = await merchant.read<{ rows: { id: string }[] }>(
    '/app/products?index',
    'app.products._index',
  );
  const other = state.createProduct(merchant.domain, {
    title: 'Europe eSIM',
    variants: [{ price: '19.90', sku: FRANCE, requiresShipping: false }],
  });
  const [mail] = world.mailsTo('traveller@example.com');
  world.reseller.topUp(await connectReseller(world, merchant), 25);
  return {
    reseller: await accountId(merchant, 'reseller'),
    ...{ merchant, sent, esim, entries: await waiting(merchant) },
    order: orders.find(({ name }) => name === sent.name)?.id ?? '',
    bundle: await bundleId(merchant, FRANCE),
    sync: syncs[0]?.id ?? '',
    publishing: last ?? '',
    rule: rules[0]?.id ?? '',
    product: products.rows[0]?.id ?? '',
    variant: String(variantId),
    newVariant: String(other.variants[0]?.id ?? 0),
    installLink: /https?:\/\/\S+\/i\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '',
  };
}

function addRule(merchant: Merchant) {
  return merchant.send('/app/pricing/rules/new', 'app.pricing.rules.$ruleId', {
    ...{ scope: 'everything', priority: '0', method: 'percent', percent: '50' },
  });
}

/** A product that tops up eSIMs; its variant's id. */
async function sellTopUps(world: World, merchant: Merchant): Promise<number> {
  const { variants } = world.shopify.state.createProduct(merchant.domain, {
    title: 'More data',
    variants: [{ price: '9.90', sku: null, requiresShipping: false }],
  });
  const id = variants[0]?.id ?? 0;
  await merchant.send(`/app/products/mapping/${String(id)}`, 'app.products.mapping.$variantId', {
    ...{ intent: 'save', kind: 'top-up', bundleId: await bundleId(merchant, FRANCE) },
  });
  return id;
}

async function waiting(merchant: Merchant): Promise<BusyShop['entries']> {
  const { entries } = await merchant.read<{ entries: BusyShop['entries'] }>(
    '/app/queue?index',
    'app.queue._index',
  );
  return entries;
}

async function requests(merchant: Merchant): Promise<number> {
  const { requests } = await merchant.read<{ requests: unknown[] }>(
    '/app/settings/privacy',
    'app.settings.privacy',
  );
  return requests.length;
}
