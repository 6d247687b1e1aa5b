import type { Express, Request, Response } from 'express';
import { sum, times } from '../money.ts';
import { isInStock, isOnSale } from '../products.ts';
import type { Product, Shop, Variant } from '../records.ts';
import { gid } from '../records.ts';
import { signIn, signedIn } from './buyer.ts';
import { addToCart, linesOf, permalinkItems, readCart, writeCart } from './cart.ts';
import type { CartLine } from './cart.ts';
import { field, fields, param, quantity } from './forms.ts';
import type { ShopifyState } from '../state.ts';
import type { PagesHost } from './host.ts';
import { PageError, domainOf, money } from './host.ts';
import type { Html } from './html.ts';
import { html, raw } from './html.ts';
import { storePage } from './store-layout.ts';

/** What a buyer sees before the checkout: products, cart, log-in. */
export function mountStorefront(app: Express, { state }: PagesHost): void {
  const shopOf = (request: Request): Shop => requireShop(state, request);

  const send = (
    request: Request,
    response: Response,
    shop: Shop,
    page: { title: string; body: Html },
  ): void => {
    const cartCount = readCart(request, shop).reduce((total, item) => total + item.quantity, 0);
    response.send(storePage({ shop, cartCount, customer: signedIn(state, request, shop), ...page }));
  };

  app.get('/store/:shop', (request, response) => {
    const shop = shopOf(request);
    const search = field(request.query, 'q').trim();
    const found = shop.products.filter((product) => isOnSale(shop, product) && matches(product, search));
    send(request, response, shop, { title: 'Products', body: productList(shop, found, search) });
  });

  app.get('/store/:shop/products/:handle', (request, response) => {
    const shop = shopOf(request);
    const product = shop.products.find(
      (candidate) => candidate.handle === param(request, 'handle') && isOnSale(shop, candidate),
    );
    if (!product) throw new PageError(404, 'This product is not on sale.');
    send(request, response, shop, { title: product.title, body: productBody(shop, product) });
  });

  app.post('/store/:shop/cart/add', (request, response) => {
    const shop = shopOf(request);
    const variantId = Number(field(request.body, 'variant'));
    const found = state.findVariant(shop, variantId);
    if (!found || !isOnSale(shop, found.product)) throw new PageError(404, 'This product is not on sale.');
    if (!isInStock(found.variant)) throw new PageError(422, 'This product is sold out.');
    const added = {
      variantId,
      quantity: Math.max(1, quantity(field(request.body, 'quantity'), 1)),
      note: field(request.body, 'note').trim().slice(0, 100),
    };
    writeCart(response, shop, addToCart(readCart(request, shop), added));
    response.redirect(
      303,
      `/store/${shop.domain}/${field(request.body, 'next') === 'checkout' ? 'checkout' : 'cart'}`,
    );
  });

  // Shopify keeps its own copy of a product's pictures.
  app.get('/store/:shop/files/:mediaId', (request, response) => {
    const found = shopOf(request)
      .products.flatMap(({ media }) => media)
      .find(({ id }) => String(id) === param(request, 'mediaId'));
    if (!found?.content) throw new PageError(404, 'There is no such file.');
    response.type(found.content.type).send(Buffer.from(found.content.base64, 'base64'));
  });

  app.get('/store/:shop/cart', (request, response) => {
    const shop = shopOf(request);
    const lines = linesOf(state, shop, readCart(request, shop));
    send(request, response, shop, { title: 'Cart', body: cartBody(shop, lines) });
  });

  app.get('/store/:shop/cart/:items', (request, response) => {
    const shop = shopOf(request);
    writeCart(response, shop, permalinkItems(param(request, 'items'), field(request.query, 'properties')));
    const next = field(request.query, 'storefront') === 'true' ? 'cart' : 'checkout';
    response.redirect(303, `/store/${shop.domain}/${next}`);
  });

  app.post('/store/:shop/cart', (request, response) => {
    const shop = shopOf(request);
    const wanted = fields(request.body, 'quantity');
    const lines = linesOf(state, shop, readCart(request, shop));
    writeCart(
      response,
      shop,
      lines.map(({ variantId, note, properties, quantity: before }, index) => ({
        variantId,
        note,
        ...(properties && { properties }),
        quantity: quantity(wanted[index] ?? '', before),
      })),
    );
    const next = field(request.body, 'next') === 'checkout' ? 'checkout' : 'cart';
    response.redirect(303, `/store/${shop.domain}/${next}`);
  });

  app.get('/store/:shop/login', (request, response) => {
    const shop = shopOf(request);
    const body = html`<div class="narrow">
      <h1>Log in</h1>
      <p class="subdued">A real shop sends a code by e-mail; the sandbox lets you choose.</p>
      ${shop.customers.map(
        (customer) =>
          html`<form method="post">
            <input type="hidden" name="customer" value="${customer.id}" />
            <input type="hidden" name="return" value="${field(request.query, 'return')}" />
            <button class="button wide" data-testid="login-${customer.firstName.toLowerCase()}">
              ${customer.firstName}
              ${customer.lastName}${customer.email === null ? '' : ` · ${customer.email}`}
            </button>
          </form>`,
      )}
      <form method="post">
        <input type="hidden" name="return" value="${field(request.query, 'return')}" />
        <button class="link-button" data-testid="logout">Continue as a guest</button>
      </form>
    </div>`;
    send(request, response, shop, { title: 'Log in', body });
  });

  app.post('/store/:shop/login', (request, response) => {
    const shop = shopOf(request);
    signIn(response, shop, state.findCustomer(shop, Number(field(request.body, 'customer'))));
    const back = field(request.body, 'return');
    const base = `/store/${shop.domain}`;
    response.redirect(303, back.startsWith(`${base}/`) ? back : base);
  });
}

/** Throws 404 for a shop the sandbox does not have. */
export function requireShop(state: ShopifyState, request: Request): Shop {
  const shop = state.findShop(domainOf(param(request, 'shop')));
  if (!shop) throw new PageError(404, 'The sandbox has no such shop.');
  return shop;
}

function matches(product: Product, search: string): boolean {
  const text = [product.title, product.productType, ...product.tags].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function productList(shop: Shop, products: Product[], search: string): Html {
  return html`<form class="search" role="search">
      <input
        type="search"
        name="q"
        value="${search}"
        placeholder="Search products"
        aria-label="Search products"
      />
      <button class="button">Search</button>
    </form>
    <p class="subdued" data-testid="product-count">${countOf(products)}</p>
    <ul class="products" data-testid="products">
      ${products.map(
        (product) =>
          html`<li>
            <a
              href="/store/${shop.domain}/products/${product.handle}"
              data-testid="product-${product.handle}"
            >
              ${picture(shop, product)}
              <strong>${product.title}</strong>
              <span>${priceRange(shop, product)}</span>
            </a>
          </li>`,
      )}
    </ul>`;
}

function countOf(products: Product[]): string {
  return `${String(products.length)} ${products.length === 1 ? 'product' : 'products'}`;
}

function priceRange(shop: Shop, product: Product): string {
  const prices = product.variants.map(({ price }) => Number(price)).sort((a, b) => a - b);
  const lowest = money(prices[0] ?? 0, shop.currency);
  return prices[0] === prices.at(-1) ? lowest : `From ${lowest}`;
}

function picture(shop: Shop, product: Product): Html {
  const media = product.media.find(({ status }) => status === undefined || status === 'READY');
  const source = media?.content ? `/store/${shop.domain}/files/${String(media.id)}` : media?.url;
  return media
    ? html`<img class="picture" src="${source}" alt="${media.alt}" loading="lazy" />`
    : html`<span class="picture" aria-hidden="true">${product.title.slice(0, 1)}</span>`;
}

function productBody(shop: Shop, product: Product): Html {
  const first = product.variants[0];
  const plain = product.variants.length === 1;
  return html`<div class="product">
    ${picture(shop, product)}
    <form method="post" action="/store/${shop.domain}/cart/add">
      <p class="subdued">${product.vendor}</p>
      <h1>${product.title}</h1>
      ${plain && first ? html`<p class="price" data-testid="price">${money(first.price, shop.currency)}</p>` : null}
      ${
        plain
          ? html`<input type="hidden" name="variant" value="${first?.id}" />`
          : html`<fieldset class="variants">
              <legend>${product.options.map(({ name }) => name).join(' / ')}</legend>
              ${product.variants.map((variant) => variantChoice(shop, variant, variant === product.variants.find(isInStock)))}
            </fieldset>`
      }
      <label class="row"
        >Quantity <input type="number" name="quantity" value="1" min="1" max="999" inputmode="numeric"
      /></label>
      <label class="stack"
        >Note, kept on a line of its own (optional) <input type="text" name="note" maxlength="100"
      /></label>
      ${
        product.variants.some(isInStock)
          ? html`<button class="button primary wide" data-testid="add-to-cart">Add to cart</button>
              <button class="button wide" name="next" value="checkout" data-testid="buy-now">
                Buy it now
              </button>`
          : html`<p data-testid="sold-out">Sold out</p>`
      }
      <div class="description">${raw(product.descriptionHtml)}</div>
      ${metafieldTable(shop, product)}
    </form>
  </div>`;
}

/** What a theme could show: the metafields whose definition lets it. */
function metafieldTable(shop: Shop, product: Product): Html | null {
  const shown = shop.metafields.flatMap((metafield) => {
    if (metafield.ownerGid !== gid('Product', product.id)) return [];
    const definition = shop.metafieldDefinitions.find(
      ({ namespace, key }) => namespace === metafield.namespace && key === metafield.key,
    );
    return definition?.isPublic ? [{ name: definition.name, value: metafield.value }] : [];
  });
  if (shown.length === 0) return null;
  return html`<dl data-testid="metafields">
    ${shown.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function variantChoice(shop: Shop, variant: Variant, checked: boolean): Html {
  return html`<label>
    <input
      type="radio"
      name="variant"
      value="${variant.id}"
      ${checked ? raw('checked') : null}
      ${isInStock(variant) ? null : raw('disabled')}
    />
    <span>${variant.title}${isInStock(variant) ? null : ' (sold out)'}</span>
    <span data-testid="price">${money(variant.price, shop.currency)}</span>
  </label>`;
}

function cartBody(shop: Shop, lines: CartLine[]): Html {
  if (lines.length === 0) {
    return html`<div class="narrow">
      <h1>Your cart is empty</h1>
      <a class="button primary" href="/store/${shop.domain}">Continue shopping</a>
    </div>`;
  }
  return html`<form method="post" class="narrow">
    <h1>Your cart</h1>
    ${cartLines(shop, lines)}
    <p class="total">
      Total <strong data-testid="cart-total">${money(cartTotal(shop, lines), shop.currency)}</strong>
    </p>
    <p class="actions">
      <a href="/store/${shop.domain}">Continue shopping</a>
      <button class="button" data-testid="update-cart">Update</button>
      <button class="button primary" name="next" value="checkout" data-testid="checkout">Check out</button>
    </p>
  </form>`;
}

/** The lines with a quantity field each; zero takes the line out. */
export function cartLines(shop: Shop, lines: CartLine[]): Html {
  return html`<ul class="lines" data-testid="lines">
    ${lines.map(
      ({ product, variant, quantity: count, note }) =>
        html`<li data-testid="line" data-variant="${variant.id}">
          ${picture(shop, product)}
          <span class="grow"
            ><strong>${product.title}</strong>
            ${variant.title === 'Default Title' ? null : html`<small>${variant.title}</small>`}
            ${note === '' ? null : html`<small>${note}</small>`}</span
          >
          <input
            type="number"
            name="quantity"
            value="${count}"
            min="0"
            max="999"
            inputmode="numeric"
            aria-label="Quantity of ${product.title}"
          />
          <span class="amount">${money(times(variant.price, count, shop.currency), shop.currency)}</span>
        </li>`,
    )}
  </ul>`;
}

export function cartTotal(shop: Shop, lines: CartLine[]): string {
  return sum(
    lines.map(({ variant, quantity: count }) => times(variant.price, count, shop.currency)),
    shop.currency,
  );
}
