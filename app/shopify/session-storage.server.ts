import { Session } from '@shopify/shopify-api';
import { PrismaSessionStorage } from '@shopify/shopify-app-session-storage-prisma';
import { db } from '../platform/db.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';

/** Shopify's own storage over our database, with the tokens sealed. */
export function sessionStorage() {
  // The package asks for the client class of `@prisma/client`; ours is generated beside the schema and has the same model.
  const inner = new PrismaSessionStorage(db as never);
  return {
    storeSession: (session: Session) => inner.storeSession(withTokens(session, seal)),
    loadSession: async (id: string) => {
      const session = await inner.loadSession(id);
      return session && withTokens(session, unseal);
    },
    deleteSession: (id: string) => inner.deleteSession(id),
    deleteSessions: (ids: string[]) => inner.deleteSessions(ids),
    findSessionsByShop: async (shop: string) =>
      (await inner.findSessionsByShop(shop)).map((session) => withTokens(session, unseal)),
  };
}

function withTokens(session: Session, change: typeof seal): Session {
  const changed = new Session(session.toObject());
  const place = { table: 'Session', shopId: session.shop, rowId: session.id };
  if (session.accessToken)
    changed.accessToken = change(session.accessToken, { ...place, column: 'accessToken' });
  if (session.refreshToken)
    changed.refreshToken = change(session.refreshToken, { ...place, column: 'refreshToken' });
  return changed;
}
