import { isUsable } from '../esims/usable.ts';
import { openEsim } from '../esims/save.server.ts';
import { db } from '../platform/db.server.ts';
import { DAY } from '../platform/time.ts';
import { installCode, usageOf, type BuyerUsage } from './codes.server.ts';
import type { EsimSummary, InstallCode } from './install-code.ts';

/** An eSIM that another place sold, as its traveller sees it. What its supplier does not tell is left out. */
export interface SoldElsewhere extends EsimSummary {
  state: 'ready' | 'elsewhere' | 'cancelled';
  code: InstallCode | null;
  usage: BuyerUsage | null;
}

/** Throws for one that is not the shop's. */
export async function esimSoldElsewhere({
  shopId,
  esimId,
}: {
  shopId: string;
  esimId: string;
}): Promise<SoldElsewhere> {
  const esim = await db.esim.findUniqueOrThrow({ where: { id: esimId, shopId } });
  const { accountId, bundleCode, totalBytes, startedAt, endsAt } = esim;
  const bundle = await db.bundle.findFirst({ where: { shopId, accountId, code: bundleCode ?? '' } });
  const hasCode = isUsable(openEsim(esim));
  const days = startedAt && endsAt ? Math.round((endsAt.getTime() - startedAt.getTime()) / DAY) : 0;
  return {
    ...{ index: 1, of: 1 },
    destination: {
      countries: bundle?.countries ?? [],
      region: bundle?.region ?? null,
      description: bundle?.description ?? bundleCode ?? '',
    },
    dataBytes: bundle ? bundle.dataBytes : (totalBytes ?? (esim.isUnlimited ? null : undefined)),
    days: bundle?.days ?? days,
    state: esim.revokedAt ? 'cancelled' : hasCode ? 'ready' : 'elsewhere',
    code: hasCode && !esim.revokedAt ? installCode(esim) : null,
    usage: usageOf(esim),
  };
}
