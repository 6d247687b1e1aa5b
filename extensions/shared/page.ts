/** What a page of the shop lends to the shared pieces; each extension fills it from Shopify's `shopify` global. */
export interface Page {
  translate: Translate;
  /** BCP 47 tag of the language the texts are in, so that numbers and country names agree with them. */
  language: string;
  /** Read afresh for each question: a token lives for minutes, a checkout token may appear late. */
  identify: () => Promise<OrderIdentity | null>;
  patienceMs: number;
  /** Something in the order may be an eSIM: keep its place from the first moment. */
  expectsEsims: boolean;
  /** More eSIMs than this fold up, each under its own heading. */
  foldAbove: number;
}

export type Translate = (key: string, values?: Record<string, string | number>) => string;

export interface OrderIdentity {
  sessionToken: string;
  orderId: string;
  checkoutToken: string | null;
}
