import { RemoteError } from '../platform/remote-error.ts';

export type ShopifyErrorKind =
  | 'signed-out' // no usable token: uninstalled, or the merchant must open the app once
  | 'permission' // a scope or a protected-data approval is missing
  | 'user-errors' // Shopify refused the input, in words for people (`userMessages`)
  | 'throttled' // same request, later
  | 'down' // no answer, or one that is Shopify's fault
  | 'unreadable'; // an answer in a shape we do not know

export class ShopifyError extends RemoteError<ShopifyErrorKind> {
  /** Shopify's own sentences about refused input, for the merchant; never for a log. */
  readonly userMessages: string[];

  constructor(
    kind: ShopifyErrorKind,
    message: string,
    options: { userMessages?: string[]; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(kind, message, options);
    this.userMessages = options.userMessages ?? [];
  }
}

/** Shopify lets the app see nothing of the shop until the merchant does something. */
export function isShutOut(kind: string | null): boolean {
  return kind === 'signed-out' || kind === 'permission';
}
