import { createHash } from 'node:crypto';
import { db } from '../platform/db.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import {
  findVariants,
  findVariantsByHandle,
  findVariantsBySku,
  type SeenVariant,
} from '../shopify/variants.server.ts';
import { checkLines, variantGidIn, type CheckedLine, type Surroundings } from './mapping-check.ts';
import { readMappingCsv, type MappingLine } from './mapping-csv.ts';
import { knownMappings, lockMappings, writeMappings } from './save-mapping.server.ts';

export interface ImportReport {
  status: 'report';
  lines: CheckedLine[];
  /** What the file would change, in one word: whoever applies it names what they saw. Null when a line is wrong. */
  approval: string | null;
}

export type Unreadable = { status: 'unreadable'; sentences: string[] };

/** Looks at a file line by line; writes nothing. Throws `ShopifyError` when the variants cannot be read. */
export async function checkImport(shop: Shop, text: string): Promise<ImportReport | Unreadable> {
  const file = readMappingCsv(text);
  if (file.status === 'unreadable') return file;
  const around = await surroundings(shop, file.lines);
  const lines = checkLines(file.lines, around);
  const isWrong = lines.some(({ outcome }) => outcome === 'wrong');
  return { status: 'report', lines, approval: isWrong ? null : approvalOf(lines, around.mapped) };
}

/**
 * Writes all mappings of a file, or none. The file is looked at again: when it would change something else than the
 * person saw (`approval`) because catalogue, shop or mappings changed meanwhile, the answer is the new report.
 */
export async function applyImport(
  shop: Shop,
  { text, approval }: { text: string; approval: string },
): Promise<{ status: 'applied'; variantGids: string[] } | ImportReport | Unreadable> {
  const report = await checkImport(shop, text);
  if (report.status === 'unreadable' || report.approval !== approval) return report;
  const changes = report.lines.filter(({ outcome }) => outcome !== 'same').flatMap(({ plan }) => plan ?? []);
  const variantGids = changes.map(({ variant }) => variant.variantGid);
  const isWritten = await db.$transaction(async (tx) => {
    await lockMappings(tx, shop);
    // Somebody else may have mapped one of them since it was looked at.
    const mapped = await knownMappings(shop, gidsOf(report.lines), tx);
    if (approvalOf(report.lines, mapped) !== approval) return false;
    await writeMappings(tx, shop, changes);
    return true;
  });
  if (isWritten) return { status: 'applied', variantGids };
  return checkImport(shop, text);
}

async function surroundings(shop: Shop, lines: MappingLine[]): Promise<Surroundings> {
  const [variants, accounts] = await Promise.all([
    variantsNamed(shop, lines),
    db.supplierAccount.findMany({
      where: { shopId: shop.id },
      select: { id: true, label: true, state: true },
    }),
  ]);
  const codes = [...new Set(lines.flatMap(({ bundles }) => bundles.map(({ code }) => code.toLowerCase())))];
  const bundles = await db.$queryRaw<{ id: string; code: string; accountId: string; isWithdrawn: boolean }[]>`
    SELECT id, code, "accountId", "withdrawnAt" IS NOT NULL AS "isWithdrawn" FROM "Bundle"
    WHERE "shopId" = ${shop.id} AND lower(code) = ANY (${codes}::text[]) ORDER BY code`;
  const mapped = await knownMappings(
    shop,
    variants.map(({ variantGid }) => variantGid),
  );
  return {
    ...{ variants, mapped },
    suppliers: accounts.map(({ label }) => label),
    bundles: bundles.map(({ accountId, ...bundle }) => {
      const account = accounts.find(({ id }) => id === accountId);
      return { ...bundle, supplier: account?.label ?? '', isConnected: account?.state !== 'disconnected' };
    }),
  };
}

async function variantsNamed(shop: Shop, lines: MappingLine[]): Promise<SeenVariant[]> {
  const admin = adminOf(shop.domain);
  const bySku = lines.filter(({ variantId, sku }) => variantId === '' && sku !== '');
  const byHandle = lines.filter(
    ({ variantId, sku, handle }) => variantId === '' && sku === '' && handle !== '',
  );
  return [
    ...(await findVariants(
      admin,
      lines.flatMap(({ variantId }) => variantGidIn(variantId) ?? []),
    )),
    ...(await findVariantsBySku(
      admin,
      bySku.map(({ sku }) => sku),
    )),
    ...(await findVariantsByHandle(
      admin,
      byHandle.map(({ handle }) => handle),
    )),
  ];
}

/** One word for what lines would change, and from what. */
function approvalOf(lines: CheckedLine[], mapped: Surroundings['mapped']): string {
  const changes = lines.flatMap(({ plan }) =>
    plan
      ? [[plan.variant.variantGid, plan.kind, plan.bundleIds, mapped.get(plan.variant.variantGid) ?? null]]
      : [],
  );
  return createHash('sha256').update(JSON.stringify(changes)).digest('base64url');
}

function gidsOf(lines: CheckedLine[]): string[] {
  return lines.flatMap(({ plan }) => plan?.variant.variantGid ?? []);
}
