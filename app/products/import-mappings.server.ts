import { createHash } from 'node:crypto';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { SeenVariant } from '../shopify/variants.server.ts';
import type { FileLook, Unreadable } from './look-at-file.server.ts';
import type { Coverage } from './coverage.ts';
import { checkLines, type CheckedLine, type Surroundings } from './mapping-check.ts';
import { readMappingCsv, type MappingLine } from './mapping-csv.ts';
import { knownMappings, lockMappings, writeMappings } from './save-mapping.server.ts';

export interface ImportReport {
  status: 'report';
  lines: CheckedLine[];
  /** What the file would change, in one word: whoever applies it names what they saw. Null when a line is wrong. */
  approval: string | null;
}

/** `locale`: the viewer's language, in which countries are named. */
type Looked = Pick<FileLook, 'text' | 'variants'> & { locale: string };

/** Holds a file against the shop's variants, its catalogue and its mappings, line by line; writes nothing. */
export async function checkImport(
  shop: Shop,
  { text, variants, locale }: Looked,
): Promise<ImportReport | Unreadable> {
  const file = readMappingCsv(text);
  if (file.status === 'unreadable') return file;
  const around = await surroundings(shop, file.lines, variants);
  const lines = checkLines(file.lines, { ...around, locale });
  const isWrong = lines.some(({ outcome }) => outcome === 'wrong');
  return { status: 'report', lines, approval: isWrong ? null : approvalOf(lines, around.mapped) };
}

/**
 * Writes all mappings of a file, or none. The file is checked again: when it would change something else than the person
 * saw (`approval`) because catalogue or mappings changed meanwhile, the answer is the new report.
 */
export async function applyImport(
  shop: Shop,
  { approval, ...look }: Looked & { approval: string },
): Promise<{ status: 'applied'; variantGids: string[] } | ImportReport | Unreadable> {
  const report = await checkImport(shop, look);
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
  return checkImport(shop, look);
}

interface BundleRow {
  id: string;
  code: string;
  accountId: string;
  isWithdrawn: boolean;
}

async function surroundings(
  shop: Shop,
  lines: MappingLine[],
  variants: SeenVariant[],
): Promise<Omit<Surroundings, 'locale'>> {
  const accounts = await db.supplierAccount.findMany({
    where: { shopId: shop.id },
    select: { id: true, label: true, state: true },
  });
  const codes = [...new Set(lines.flatMap(({ bundles }) => bundles.map(({ code }) => code.toLowerCase())))];
  const bundles = await db.$queryRaw<(Coverage & BundleRow)[]>`
    SELECT id, code, "accountId", "withdrawnAt" IS NOT NULL AS "isWithdrawn", countries, "dataBytes"::text, days, groups
    FROM "Bundle"
    WHERE "shopId" = ${shop.id} AND lower(code) = ANY (${codes}::text[]) ORDER BY code`;
  const mapped = await knownMappings(
    shop,
    variants.map(({ variantGid }) => variantGid),
  );
  return {
    ...{ variants, mapped },
    suppliers: accounts.map(({ label }) => label),
    bundles: bundles.map(({ accountId, countries, dataBytes, days, groups, ...bundle }) => {
      const account = accounts.find(({ id }) => id === accountId);
      const covers = { countries, dataBytes, days, groups };
      return {
        ...bundle,
        covers,
        supplier: account?.label ?? '',
        isConnected: account?.state !== 'disconnected',
      };
    }),
  };
}

/** One word for what lines would change, and from what. */
function approvalOf(lines: CheckedLine[], mapped: Surroundings['mapped']): string {
  const changes = lines.flatMap(({ plan }) => {
    if (!plan) return [];
    const { variant, kind, choosing, bundleIds } = plan;
    return [[variant.variantGid, kind, choosing, bundleIds, mapped.get(variant.variantGid) ?? null]];
  });
  return createHash('sha256').update(JSON.stringify(changes)).digest('base64url');
}

function gidsOf(lines: CheckedLine[]): string[] {
  return lines.flatMap(({ plan }) => plan?.variant.variantGid ?? []);
}
