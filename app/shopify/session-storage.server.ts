import { Session } from '@shopify/shopify-api';
import { db } from '../platform/db.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';

/**
 * Where Shopify's package keeps a shop's offline tokens: our database, sealed. Their own Prisma storage wants the
 * client that Prisma writes into node_modules; ours is generated beside the schema. Only offline sessions exist.
 */
export function sessionStorage() {
  return {
    storeSession: async (session: Session): Promise<boolean> => {
      const { id, shop, state, isOnline, scope = null, expires = null, refreshTokenExpires = null } = session;
      const row = {
        ...{ shop, state, isOnline, scope, expires, refreshTokenExpires },
        accessToken: sealed(session, 'accessToken') ?? '',
        refreshToken: sealed(session, 'refreshToken'),
      };
      await db.session.upsert({ where: { id }, create: { id, ...row }, update: row });
      return true;
    },
    loadSession: async (id: string): Promise<Session | undefined> => {
      const row = await db.session.findUnique({ where: { id } });
      return row ? toSession(row) : undefined;
    },
    deleteSession: async (id: string): Promise<boolean> => {
      await db.session.deleteMany({ where: { id } });
      return true;
    },
    deleteSessions: async (ids: string[]): Promise<boolean> => {
      await db.session.deleteMany({ where: { id: { in: ids } } });
      return true;
    },
    findSessionsByShop: async (shop: string): Promise<Session[]> =>
      (await db.session.findMany({ where: { shop } })).map(toSession),
  };
}

type Row = NonNullable<Awaited<ReturnType<typeof db.session.findUnique>>>;
type Token = 'accessToken' | 'refreshToken';

function toSession({ id, shop, state, isOnline, scope, expires, refreshTokenExpires, ...row }: Row): Session {
  return new Session({
    ...{ id, shop, state, isOnline },
    ...(scope !== null && { scope }),
    ...(expires !== null && { expires }),
    ...(refreshTokenExpires !== null && { refreshTokenExpires }),
    ...(row.accessToken !== '' && {
      accessToken: unseal(row.accessToken, place({ id, shop }, 'accessToken')),
    }),
    ...(row.refreshToken !== null && {
      refreshToken: unseal(row.refreshToken, place({ id, shop }, 'refreshToken')),
    }),
  });
}

function sealed(session: Session, column: Token): string | null {
  const token = session[column];
  return token === undefined ? null : seal(token, place(session, column));
}

function place({ id, shop }: { id: string; shop: string }, column: Token) {
  return { table: 'Session', column, shopId: shop, rowId: id };
}
