// App Bridge opens these addresses in the admin around us.

/** The page of a product in Shopify's admin. */
export const adminProductUrl = (productGid: string) =>
  `shopify://admin/products/${productGid.split('/').at(-1) ?? ''}`;
