import { createHash } from 'node:crypto';
import { findEsimByIccid } from '../esims/find.server.ts';
import { readCapped } from '../platform/body.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wakeSoon } from '../platform/queue.server.ts';
import { after, currentTime, DAY } from '../platform/time.ts';
import type { ProviderCallback } from '../providers/contract.ts';
import { accountOfCallback, noteCallbackRefused, noteCallbackTaken } from '../settings/callbacks.server.ts';
import { supplierFor } from '../settings/suppliers.server.ts';

const MAX_BODY_BYTES = 100_000;

/**
 * Takes a supplier's call in: find the account by the secret of the address, prove the raw bytes, write the receipt, then
 * answer. 200 only after the commit, since not every supplier calls again.
 */
export async function receiveCallback(
  request: Request,
  token: string,
): Promise<{ status: 200 | 400 | 401 | 404 | 405 | 413 | 503; headers?: { connection: 'close' } }> {
  if (request.method !== 'POST') return { status: 405 };
  const rawBody = await readCapped(request, MAX_BODY_BYTES);
  // What is left of the body is not read, so the connection is of no use to the next request.
  if (rawBody === 'too-large') return { status: 413, headers: { connection: 'close' } };
  try {
    const account = await accountOfCallback(token);
    if (!account) return { status: 404 };
    const { provider } = await supplierFor(account);
    const callback = provider.readCallback?.({ rawBody, headers: request.headers }) ?? null;
    if (!callback) return refuse(400, account, 'none of the supplier');
    if (!callback.isSigned && !account.takesUnsigned) {
      await noteCallbackRefused(account);
      return refuse(401, account, 'signature');
    }
    const { shopId, accountId } = account;
    await writeReceipt({ shopId, accountId }, callback, rawBody);
    await noteCallbackTaken(account);
    return { status: 200 };
  } catch (error) {
    log.error('callback.unrecorded', {}, error);
    return { status: 503 };
  }
}

interface Account {
  shopId: string;
  accountId: string;
}

async function writeReceipt(account: Account, callback: ProviderCallback, rawBody: Uint8Array) {
  const { accountId } = account;
  const bodyHash = createHash('sha256').update(rawBody).digest('base64url');
  const content = await contentOf(account, callback);
  const { count } = await db.supplierCallback.createMany({
    data: [{ ...account, bodyHash, ...content }],
    skipDuplicates: true,
  });
  if (count === 0) await hearAnew(account, bodyHash);
  wakeSoon('callbacks.process', [accountId], () => undefined);
}

/** Nothing in these bodies tells two events from one: a traveller who is back in a country after days is news. */
async function hearAnew(account: Account, bodyHash: string) {
  const now = currentTime();
  await db.supplierCallback.updateMany({
    where: {
      ...{ ...account, bodyHash, processedAt: { not: null }, receivedAt: { lt: after(-DAY, now) } },
      OR: [{ problem: null }, { problem: { not: 'not-ours' } }],
    },
    data: { receivedAt: now, nextAttemptAt: now, processedAt: null, attempts: 0, problem: null },
  });
}

/** What the work needs of a call, and nothing else of it. An eSIM of another account is nobody's here. */
async function contentOf(account: Account, { kind, isSigned, iccid, country, at }: ProviderCallback) {
  const esim = iccid === null ? null : await findEsimByIccid({ ...account, iccid });
  const isForeign = iccid !== null && esim === null;
  return {
    ...{ kind, isSigned, esimId: esim?.id ?? null },
    detail: { ...(country !== null && { country }), ...(at && { at: at.toISOString() }) },
    ...(isForeign && { problem: 'not-ours', processedAt: currentTime() }),
  };
}

function refuse(status: 400 | 401, { accountId }: Account, reason: string) {
  log.warn('callback.refused', { accountId, status, reason });
  return { status };
}
