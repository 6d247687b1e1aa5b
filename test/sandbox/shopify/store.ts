import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Customer, Id, Order, Product, Shop, ShopEvent, Variant } from './records.ts';

type EventBody = ShopEvent extends infer Event
  ? Event extends ShopEvent
    ? Omit<Event, 'eventId'>
    : never
  : never;

export type Store = {
  /** Every shop, oldest first. */
  shops(): Shop[];
  findShop(domain: string): Shop | null;
  /** Throws when the sandbox has no such shop. */
  shop(domain: string): Shop;
  findOrder(shop: Shop, id: Id): Order | null;
  /** Throws when the shop has no such order. */
  order(shop: Shop, id: Id): Order;
  findProduct(shop: Shop, id: Id): Product | null;
  findVariant(shop: Shop, id: Id): { product: Product; variant: Variant } | null;
  findCustomer(shop: Shop, id: Id): Customer | null;
  addShop(shop: Shop): void;
  nextId(): Id;
  now(): Date;
  /** Call after every change made outside the acts: writes the state file soon. */
  changed(): void;
  emit(event: EventBody): void;
  /** Listeners hear of an event after the change is made, in the same turn. */
  listen(listener: (event: ShopEvent) => void): void;
  /** Writes what is not yet written. */
  flush(): void;
};

type Saved = { lastId: Id; shops: Shop[] };

/** Shops in memory; with a `stateFile` they are loaded from it and saved to it (50 ms after a change, by rename). */
export function openStore(options: { stateFile?: string; now?: () => Date }): Store {
  const saved = options.stateFile === undefined ? null : load(options.stateFile);
  // Real ids have 10 to 14 digits; code that takes them for 32-bit numbers should fail here too.
  let lastId = saved?.lastId ?? 6_000_000_000_000;
  const shops = saved?.shops ?? [];
  const listeners: ((event: ShopEvent) => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  const findShop = (domain: string): Shop | null => shops.find((shop) => shop.domain === domain) ?? null;

  const flush = (): void => {
    if (timer === null || options.stateFile === undefined) return;
    clearTimeout(timer);
    timer = null;
    save(options.stateFile, { lastId, shops });
  };

  const changed = (): void => {
    if (options.stateFile === undefined) return;
    timer ??= setTimeout(flush, 50);
  };

  return {
    shops: () => [...shops],
    findShop,
    shop: (domain) => findShop(domain) ?? fail(`The sandbox has no shop ${domain}.`),
    findOrder,
    order: (shop, id) => findOrder(shop, id) ?? fail(`${shop.domain} has no order ${String(id)}.`),
    findProduct: (shop, id) => shop.products.find((product) => product.id === id) ?? null,
    findVariant: (shop, id) => {
      for (const product of shop.products) {
        const variant = product.variants.find((candidate) => candidate.id === id);
        if (variant) return { product, variant };
      }
      return null;
    },
    findCustomer: (shop, id) => shop.customers.find((customer) => customer.id === id) ?? null,
    addShop: (shop) => {
      shops.push(shop);
      changed();
    },
    nextId: () => ++lastId,
    now: options.now ?? (() => new Date()),
    changed,
    emit: (event) => {
      for (const listener of listeners) listener({ ...event, eventId: randomUUID() });
    },
    listen: (listener) => {
      listeners.push(listener);
    },
    flush,
  };
}

function findOrder(shop: Shop, id: Id): Order | null {
  return shop.orders.find((order) => order.id === id) ?? null;
}

/** Letters and digits nobody can guess: checkout tokens, access tokens, order keys. */
export function secret(bytes = 16): string {
  return randomBytes(bytes).toString('hex');
}

export function fail(message: string): never {
  throw new Error(message);
}

function load(file: string): Saved | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  // The file is only ever written by save() below.
  return JSON.parse(text) as Saved;
}

function save(file: string, content: Saved): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}
