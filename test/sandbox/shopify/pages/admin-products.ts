import type { Express, Request } from 'express';
import { tidyTags } from '../product-mutations.ts';
import { isOnSale } from '../products.ts';
import type { Product, Shop } from '../records.ts';
import type { AdminParts } from './admin.ts';
import { field, fields, param } from './forms.ts';
import { PageError, money, storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { html, raw } from './html.ts';

/** Products as Shopify's admin shows them: the merchant renames, reprices and deletes behind the app's back. */
export function mountAdminProducts(app: Express, { host, shopOf, send }: AdminParts): void {
  const { state } = host;
  const productOf = (request: Request, shop: Shop): Product => {
    const product = state.findProduct(shop, Number(param(request, 'productId')));
    if (!product) throw new PageError(404, 'There is no such product.');
    return product;
  };

  app.get('/admin/store/:shop/products', (request, response) => {
    const shop = shopOf(request);
    send(response, shop, { place: 'products', title: 'Products', body: productList(shop) });
  });

  app.get('/admin/store/:shop/products/:productId', (request, response) => {
    const shop = shopOf(request);
    const product = productOf(request, shop);
    send(response, shop, { place: 'products', title: product.title, body: productForm(shop, product) });
  });

  // Variants have a page of their own in Shopify; here the product's page has them all.
  app.get('/admin/store/:shop/products/:productId/variants/:variantId', (request, response) => {
    const shop = shopOf(request);
    response.redirect(302, `/admin/store/${storeNameOf(shop)}/products/${param(request, 'productId')}`);
  });

  app.post('/admin/store/:shop/products/:productId', (request, response) => {
    const shop = shopOf(request);
    const product = productOf(request, shop);
    const base = `/admin/store/${storeNameOf(shop)}/products`;
    if (field(request.body, 'act') === 'delete') {
      state.deleteProduct(shop.domain, product.id);
      response.redirect(303, base);
      return;
    }
    const removed = Number(field(request.body, 'remove'));
    if (removed > 0) {
      state.deleteVariant(shop.domain, removed);
      response.redirect(303, `${base}/${String(product.id)}`);
      return;
    }
    const prices = fields(request.body, 'price');
    if (prices.some((price) => !/^\d+([.]\d+)?$/.test(price)))
      throw new PageError(422, 'A price is a number such as 12.50.');
    const status = field(request.body, 'status');
    const title = field(request.body, 'title').trim();
    if (title === '') throw new PageError(422, 'A product needs a title.');
    const text = (name: string, before: string): string =>
      fields(request.body, name).length > 0 ? field(request.body, name) : before;
    state.editProduct(shop.domain, product.id, {
      title,
      descriptionHtml: text('description', product.descriptionHtml),
      tags: tidyTags(text('tags', product.tags.join(',')).split(',')),
      ...(isStatus(status) ? { status } : {}),
    });
    product.variants.forEach((variant, index) => {
      const price = prices[index];
      if (price !== undefined && Number(price) !== Number(variant.price)) {
        state.editVariant(shop.domain, variant.id, { price });
      }
    });
    response.redirect(303, `${base}/${String(product.id)}`);
  });
}

function isStatus(word: string): word is Product['status'] {
  return ['ACTIVE', 'ARCHIVED', 'DRAFT', 'UNLISTED'].includes(word);
}

function productList(shop: Shop): Html {
  return html`<main class="page">
    <h1>Products</h1>
    <section class="card flush">
      <table data-testid="products">
        <thead>
          <tr>
            <th>Product</th>
            <th>Status</th>
            <th>Variants</th>
            <th>Price</th>
            <th>Type</th>
          </tr>
        </thead>
        <tbody>
          ${shop.products.toReversed().map(
            (product) =>
              html`<tr>
                <td>
                  <a
                    href="/admin/store/${storeNameOf(shop)}/products/${product.id}"
                    data-testid="product-${product.id}"
                    >${product.title}</a
                  >
                </td>
                <td><span class="badge">${product.status.toLowerCase()}</span></td>
                <td>${product.variants.length}</td>
                <td>${money(product.variants[0]?.price ?? 0, shop.currency)}</td>
                <td>${product.productType}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>
  </main>`;
}

function productForm(shop: Shop, product: Product): Html {
  return html`<main class="page">
    <p><a href="/admin/store/${storeNameOf(shop)}/products">← Products</a></p>
    <h1>${product.title}</h1>
    <form method="post" class="card">
      <label class="stack"
        >Title <input class="field" name="title" value="${product.title}" data-testid="title"
      /></label>
      <label class="stack"
        >Description
        <textarea class="field" name="description" rows="4" data-testid="description">
${product.descriptionHtml}</textarea>
      </label>
      <label class="stack"
        >Tags <input class="field" name="tags" value="${product.tags.join(', ')}" data-testid="tags"
      /></label>
      <label class="stack">
        Status
        <select class="field" name="status">
          ${(['ACTIVE', 'DRAFT', 'ARCHIVED', 'UNLISTED'] as const).map(
            (status) =>
              html`<option value="${status}" ${status === product.status ? html`selected` : null}>
                ${status.toLowerCase()}
              </option>`,
          )}
        </select>
      </label>
      <table>
        <thead>
          <tr>
            <th>Variant</th>
            <th>SKU</th>
            <th>Cost</th>
            <th>Price</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${product.variants.map(
            (variant) =>
              html`<tr data-testid="variant">
                <td>${variant.title}</td>
                <td>${variant.sku}</td>
                <td data-testid="cost">
                  ${variant.inventoryItem.cost === null ? '—' : money(variant.inventoryItem.cost, shop.currency)}
                </td>
                <td>
                  <input
                    class="field tiny"
                    name="price"
                    value="${variant.price}"
                    inputmode="decimal"
                    aria-label="Price of ${variant.title}"
                  />
                </td>
                <td>
                  ${product.variants.length > 1 ? html`<button name="remove" value="${variant.id}">Remove</button>` : null}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="actions">
        <button class="button primary" name="act" value="save" data-testid="save-product">Save</button>
        <button class="button critical" name="act" value="delete" data-testid="delete-product">
          Delete product
        </button>
        ${isOnSale(shop, product) ? html`<a href="/store/${shop.domain}/products/${product.handle}">View in the store</a>` : html`<span class="subdued">Not on sale in the Online Store</span>`}
      </p>
    </form>
    <section class="card">
      <h2>Description</h2>
      ${raw(product.descriptionHtml)}
      <p>${product.tags.map((tag) => html`<span class="badge">${tag}</span> `)}</p>
    </section>
  </main>`;
}
