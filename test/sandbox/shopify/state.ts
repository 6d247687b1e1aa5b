import type { AppInstall, Customer, Shop } from './records.ts';
import type { OrderActs } from './orders.ts';
import { orderActs } from './orders.ts';
import type { EditActs } from './order-edits.ts';
import { editActs } from './order-edits.ts';
import type { ProductActs } from './products.ts';
import { productActs } from './products.ts';
import type { Store } from './store.ts';
import { openStore } from './store.ts';

/** All shops of the sandbox, and what merchants and buyers can do in them. */
export type ShopifyState = Store & OrderActs & EditActs & ProductActs & ShopActs;

export type ShopDraft = {
  domain: string;
  name?: string;
  email?: string;
  /** ISO 4217 */
  currency?: string;
  /** IANA */
  timezone?: string;
  locale?: string;
  /** Two ordinary goods and the customer Ada; on unless `false`. */
  seeded?: boolean;
};

export type ShopActs = {
  /** Throws when the shop exists. */
  createShop(draft: ShopDraft): Shop;
  addCustomer(
    domain: string,
    customer: { firstName: string; lastName: string; email: string | null; locale?: string },
  ): Customer;
  /** The merchant installs the app and grants these scopes; again = grants anew. */
  installApp(domain: string, scopes: string[]): AppInstall;
  /** Every token dies at once; the app is told. */
  uninstallApp(domain: string): void;
  /** The buyer asks to be forgotten: Shopify tells the app (customers/redact). */
  redactCustomer(domain: string, customerId: number): void;
  /** The buyer asks what is known: Shopify tells the app (customers/data_request). */
  requestCustomerData(domain: string, customerId: number): void;
  /** Shopify sends it 48 hours after the uninstall; the sandbox when told. */
  redactShop(domain: string): void;
};

export function openShopifyState(options: { stateFile?: string; now?: () => Date } = {}): ShopifyState {
  const store = openStore(options);
  const products = productActs(store);
  return { ...store, ...orderActs(store), ...editActs(store), ...products, ...shopActs(store, products) };
}

function shopActs(store: Store, products: ProductActs): ShopActs {
  const ordersOf = (shop: Shop, customerId: number): number[] =>
    shop.orders.filter((order) => order.customerId === customerId).map(({ id }) => id);

  const addCustomer: ShopActs['addCustomer'] = (domain, { firstName, lastName, email, locale }) => {
    const shop = store.shop(domain);
    const customer: Customer = {
      id: store.nextId(),
      firstName,
      lastName,
      email,
      locale: locale ?? shop.locale,
      createdAt: store.now().toISOString(),
    };
    shop.customers.push(customer);
    store.changed();
    return customer;
  };

  return {
    addCustomer,

    createShop(draft) {
      if (store.findShop(draft.domain)) throw new Error(`The sandbox already has the shop ${draft.domain}.`);
      const shop: Shop = {
        id: store.nextId(),
        domain: draft.domain,
        name: draft.name ?? draft.domain.replace('.myshopify.com', ''),
        email: draft.email ?? `owner@${draft.domain.replace('.myshopify.com', '')}.example`,
        currency: draft.currency ?? 'EUR',
        timezone: draft.timezone ?? 'Europe/Berlin',
        locale: draft.locale ?? 'en',
        createdAt: store.now().toISOString(),
        app: null,
        products: [],
        customers: [],
        orders: [],
        publications: [
          { id: store.nextId(), name: 'Online Store' },
          { id: store.nextId(), name: 'Point of Sale' },
        ],
        locationId: store.nextId(),
        metafields: [],
        metafieldDefinitions: [],
        webhookSubscriptions: [],
      };
      store.addShop(shop);
      if (draft.seeded ?? true) {
        addCustomer(shop.domain, {
          firstName: 'Ada',
          lastName: 'Lovelace',
          email: 'ada@buyer.example',
          locale: 'en',
        });
        products.createProduct(shop.domain, {
          title: 'Travel pillow',
          descriptionHtml: '<p>Memory foam, rolls up to the size of a bottle.</p>',
          productType: 'Travel goods',
          variants: [{ price: '24.90', sku: 'PILLOW-1' }],
        });
        products.createProduct(shop.domain, {
          title: 'Luggage tag',
          descriptionHtml: '<p>Recycled leather, with a steel loop.</p>',
          productType: 'Travel goods',
          options: ['Colour'],
          variants: [
            { price: '9.50', sku: 'TAG-RED', values: ['Red'] },
            { price: '9.50', sku: 'TAG-BLUE', values: ['Blue'] },
          ],
        });
      }
      return shop;
    },

    installApp(domain, scopes) {
      const shop = store.shop(domain);
      const previous = shop.app?.scopes;
      shop.app ??= {
        id: store.nextId(),
        installedAt: store.now().toISOString(),
        scopes,
        accessTokens: [],
        refreshTokens: [],
      };
      shop.app.scopes = scopes;
      store.changed();
      if (previous && previous.join() !== scopes.join()) {
        store.emit({ shop: domain, topic: 'app/scopes_update', about: 'scopes', previous, current: scopes });
      }
      return shop.app;
    },

    uninstallApp(domain) {
      const shop = store.shop(domain);
      if (shop.app === null) return;
      shop.app = null;
      shop.webhookSubscriptions = [];
      store.changed();
      store.emit({ shop: domain, topic: 'app/uninstalled', about: 'shop' });
    },

    redactCustomer(domain, customerId) {
      const orderIds = ordersOf(store.shop(domain), customerId);
      store.emit({ shop: domain, topic: 'customers/redact', about: 'customer', customerId, orderIds });
    },

    requestCustomerData(domain, customerId) {
      const orderIds = ordersOf(store.shop(domain), customerId);
      store.emit({ shop: domain, topic: 'customers/data_request', about: 'customer', customerId, orderIds });
    },

    redactShop(domain) {
      store.shop(domain);
      store.emit({ shop: domain, topic: 'shop/redact', about: 'shop' });
    },
  };
}
