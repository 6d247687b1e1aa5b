import { randomUUID } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { JOSEError } from 'jose/errors';

export type TokenSigner = {
  /** What App Bridge hands the embedded app for the signed-in staff member; lives 60 seconds. */
  idToken(shop: string, options?: { userId?: number }): Promise<string>;
  /**
   * What `shopify.sessionToken.get()` hands an extension in checkout or customer accounts; lives 5 minutes. `sub` is
   * there only for a buyer who is logged in, and only when the app may read customers.
   */
  extensionToken(shop: string, options?: { customerGid?: string }): Promise<string>;
  /** The claims of an id token of this shop for this app; `null` when it is forged, expired or another's. */
  readIdToken(token: string, shop: string): Promise<{ userId: number } | null>;
};

/** Signs as Shopify does: HS256 with the app's secret. */
export function tokenSigner(options: { apiKey: string; apiSecret: string; now: () => Date }): TokenSigner {
  const key = new TextEncoder().encode(options.apiSecret);
  const sign = (claims: Record<string, unknown>, seconds: number): Promise<string> => {
    const issuedAt = Math.floor(options.now().getTime() / 1000);
    return new SignJWT({ ...claims, aud: options.apiKey, jti: randomUUID() })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(key);
  };
  return {
    idToken: (shop, { userId = 1 } = {}) =>
      sign(
        { iss: `https://${shop}/admin`, dest: `https://${shop}`, sub: String(userId), sid: randomUUID() },
        60,
      ),

    // An extension's `dest` is the bare domain, the admin's an address.
    extensionToken: (shop, { customerGid } = {}) =>
      sign({ dest: shop, ...(customerGid === undefined ? {} : { sub: customerGid }) }, 300),

    async readIdToken(token, shop) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience: options.apiKey,
          currentDate: options.now(),
        });
        return payload['dest'] === `https://${shop}` ? { userId: Number(payload.sub ?? 1) } : null;
      } catch (error) {
        if (error instanceof JOSEError) return null;
        throw error;
      }
    },
  };
}
