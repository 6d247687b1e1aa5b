import { z } from 'zod';
import { flag, listOf, optionalDecimal, optionalText, text } from '../lenient.ts';

/*
 * GoHub's one answer, the same for an eSIM and for a SIM card. All of it may be missing: a plan that nobody used has
 * neither a start nor an end, and a card has no profile that is downloaded.
 */

const activity = z.object({ recordTime: optionalText, status: text });
export type Activity = z.infer<typeof activity>;

const usage = z.object({ usageAmt: optionalDecimal });

const simStatus = z.object({
  planStartTime: optionalText,
  planEndTime: optionalText,
  usedTraffic: optionalDecimal,
  planStatus: optionalText,
});

const orderInfo = z.object({
  orderId: optionalText,
  subOrderId: optionalText,
  purchaseDate: optionalText,
});

// Two languages are documented. A name that is no text is one we do not know.
const names = z
  .record(z.string(), z.unknown())
  .transform((told) =>
    Object.fromEntries(
      Object.entries(told).flatMap(([language, name]) =>
        typeof name === 'string' && name.trim() !== '' ? [[language, name.trim()]] : [],
      ),
    ),
  );

const productInfo = z.object({
  sku: text,
  name: names.catch({}),
  type: optionalText,
  package: optionalText,
  days: optionalDecimal,
  data: optionalText,
  apn: optionalText,
  hotsPot: flag.nullable().catch(null),
  throttleSpeed: optionalText,
  smsCall: optionalText,
});
export type Product = z.infer<typeof productInfo>;

/** What stands beside a 4xx or 5xx. */
export const Failure = z.object({ errorCode: optionalText });

export const Sim = z.object({
  iccid: text,
  activityLogs: listOf(activity).catch([]),
  usageInfoList: listOf(usage).catch([]),
  simStatus: simStatus.nullable().catch(null),
  orderInfo: orderInfo.nullable().catch(null),
  productInfo: productInfo.nullable().catch(null),
});
export type Sim = z.infer<typeof Sim>;
