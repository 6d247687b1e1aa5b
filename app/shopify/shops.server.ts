import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';
import { currentTime, DAY, msSince } from '../platform/time.ts';
import { adminOf } from './admin.server.ts';
import { operation } from './operation.ts';
import { ShopifyError } from './shopify-error.ts';

/** A merchant's shop as everybody else in the app knows it. Every query names `id`. */
export interface Shop {
  id: string;
  domain: string;
  name: string;
  /** ISO 4217, in which the shop's products are priced. */
  currency: string;
  timezone: string;
}

const shopFacts = operation()(
  `query ShopFacts { shop { name currencyCode ianaTimezone } }`,
  z.object({ shop: z.object({ name: z.string(), currencyCode: z.string(), ianaTimezone: z.string() }) }),
);

const shopContact = operation()(
  `query ShopContact { shop { email } }`,
  z.object({ shop: z.object({ email: z.string() }) }),
);

const shopLanguage = operation()(
  `query ShopLanguage { shop { primaryDomain { localization { defaultLocale } } } }`,
  z.object({
    shop: z.object({
      primaryDomain: z.object({ localization: z.object({ defaultLocale: z.string() }).nullable() }),
    }),
  }),
);

/** The first language of the shop's pages: "de", "pt-BR"; null where Shopify names none. Throws `ShopifyError`. */
export async function firstLocale({ domain }: { domain: string }): Promise<string | null> {
  // The list of the shop's languages would need another scope; this says the one we want without any.
  const { shop } = await adminOf(domain).run(shopLanguage, {});
  return shop.primaryDomain.localization?.defaultLocale ?? null;
}

/** The shop behind a verified session: made on the first visit, revived on a reinstall. */
export async function installedShop(domain: string): Promise<Shop> {
  const known = await findShop(domain);
  if (known) return known;
  const { shop: facts } = await adminOf(domain).run(shopFacts, {});
  const data = { name: facts.name, currency: facts.currencyCode, timezone: facts.ianaTimezone };
  const row = await db.shop.upsert({
    where: { domain },
    create: { domain, ...data },
    update: { ...data, installedAt: currentTime(), uninstalledAt: null },
  });
  return { id: row.id, domain, ...data };
}

/** The shop, unless it never installed the app or has removed it. */
export async function findShop(domain: string): Promise<Shop | null> {
  const row = await db.shop.findUnique({ where: { domain } });
  if (!row || row.uninstalledAt || row.name === null || row.currency === null) return null;
  return { id: row.id, domain, name: row.name, currency: row.currency, timezone: row.timezone ?? 'UTC' };
}

/** The shop of a row that was written for it; still answers after an uninstall. */
export async function shopById(id: string): Promise<Shop & { isInstalled: boolean }> {
  const row = await db.shop.findUniqueOrThrow({ where: { id } });
  return {
    id,
    domain: row.domain,
    name: row.name ?? row.domain,
    currency: row.currency ?? 'USD',
    timezone: row.timezone ?? 'UTC',
    isInstalled: row.uninstalledAt === null,
  };
}

/**
 * Where Shopify itself writes to the merchant. Read from Shopify once a day, and kept sealed meanwhile. Throws
 * `ShopifyError` when it was never read and cannot be now.
 */
export async function contactOf({ id, domain }: { id: string; domain: string }): Promise<string> {
  const { contactEmail, contactReadAt } = await db.shop.findUniqueOrThrow({ where: { id } });
  const place = { table: 'Shop', column: 'contactEmail', shopId: id, rowId: id };
  if (contactEmail !== null && contactReadAt !== null && msSince(contactReadAt) < DAY)
    return unseal(contactEmail, place);
  try {
    const { email } = (await adminOf(domain).run(shopContact, {})).shop;
    await db.shop.update({
      where: { id },
      data: { contactEmail: seal(email, place), contactReadAt: currentTime() },
    });
    return email;
  } catch (error) {
    // An address of yesterday is better than none.
    if (!(error instanceof ShopifyError) || contactEmail === null) throw error;
    return unseal(contactEmail, place);
  }
}

/** The merchant removed the app: its tokens are dead, and nothing may be bought in its name any more. */
export async function forgetInstallation(domain: string, at: Date): Promise<void> {
  // A late notice of an earlier uninstall must not end the installation that came after it.
  const { count } = await db.shop.updateMany({
    where: { domain, installedAt: { lt: at } },
    data: { uninstalledAt: at, contactEmail: null },
  });
  if (count > 0) await db.session.deleteMany({ where: { shop: domain } });
}
