import { esimsOfOrder } from '../delivery/codes.server.ts';
import { installUrl } from '../delivery/install-link.server.ts';
import { esimSoldElsewhere } from '../delivery/sold-elsewhere.server.ts';
import { openReader } from '../delivery/traveller.server.ts';
import { NO_TURN_MS, pauseBeforeTry, tryMail } from '../delivery/try-mail.server.ts';
import { recordEsim } from '../esims/events.server.ts';
import { lookAtEsim } from '../esims/look.server.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import type { Mail } from '../platform/mail.server.ts';
import { wake } from '../platform/queue.server.ts';
import { unseal } from '../platform/secrets.server.ts';
import { after, currentTime, HOUR, MINUTE, msSince, SECOND } from '../platform/time.ts';
import { topUpLink } from '../products/top-up-link.server.ts';
import { buyerMailsOf } from '../settings/buyer-mails.server.ts';
import { shopById } from '../shopify/shops.server.ts';
import { noticeFacts, type Noticed } from './facts.server.ts';
import { isWorthTelling, mayGoAt, noticeKinds, noticesOf, type NoticeKind } from './notice.ts';
import { renderNoticeMail } from './notice-mail.tsx';
import { notice } from './notify.server.ts';

/**
 * The job of an eSIM with something to tell its traveller: writes down what there is to tell, and sends at most one mail.
 * What cannot go yet waits in its row, and is judged again when it can.
 */
export async function sendNotices(esimId: string): Promise<void> {
  const outcome = await withLease(`notices ${esimId}`, async () => {
    const esim = await db.esim.findUnique({ where: { id: esimId }, select: { shopId: true } });
    if (!esim) return; // its traveller was erased meanwhile
    const { shopId } = esim;
    const { facts } = await noticeFacts({ shopId, esimId });
    const chosen = await buyerMailsOf({ id: shopId });
    for (const { kind, subject } of noticesOf(facts))
      if (chosen.includes(kind)) await notice({ shopId, esimId, kind, subject });
    const waiting = await db.buyerNotice.findMany({
      where: { shopId, esimId, state: 'waiting', nextTryAt: { lte: currentTime() } },
    });
    for (const row of mostPressingFirst(waiting)) await attend(row);
  });
  if (outcome === 'taken') await wake('notices.send', esimId, 2 * SECOND);
}

type Row = Prisma.BuyerNoticeGetPayload<object>;

function mostPressingFirst(rows: Row[]): (Row & { kind: NoticeKind })[] {
  // What a newer version of the app wrote down is left to it.
  return noticeKinds.flatMap((kind) => rows.flatMap((row) => (row.kind === kind ? [{ ...row, kind }] : [])));
}

async function attend(row: Row & { kind: NoticeKind }): Promise<void> {
  const { kind } = row;
  const found = await noticeFacts(row);
  if (!(await isChosen(row))) return passOver(row, 'switched-off');
  if (!isWorthTelling(row, found.facts)) return passOver(row, 'over');
  const goesAt = mayGoAt(found.facts);
  if (goesAt > found.facts.now) return postpone(row, goesAt);
  if (kind === 'not-installed') {
    // Who installed it an hour ago must not read that it is not installed.
    if (!(await isFreshlyRead(found.esim))) return postpone(row, after(LOOK_AGAIN_MS));
    if (!isWorthTelling(row, (await noticeFacts(row)).facts)) return passOver(row, 'over');
  }
  await send(row, found);
}

async function isChosen({ shopId, kind }: Row): Promise<boolean> {
  const { isInstalled } = await shopById(shopId);
  return isInstalled && (await buyerMailsOf({ id: shopId })).includes(kind);
}

const READ_WITHIN_MS = HOUR;
const LOOK_AGAIN_MS = 15 * MINUTE;

async function isFreshlyRead({ id, shopId, lookedAt }: Noticed['esim']): Promise<boolean> {
  if (lookedAt !== null && msSince(lookedAt) < READ_WITHIN_MS) return true;
  const outcome = await lookAtEsim({ shopId, esimId: id });
  return outcome === 'looked' || outcome === 'unchanged';
}

async function send(row: Row & { kind: NoticeKind }, found: Noticed): Promise<void> {
  const { id, shopId, esimId, kind } = row;
  const tries = row.tries + 1;
  await db.buyerNotice.update({
    where: { id, shopId },
    data: { tries, nextTryAt: after(pauseBeforeTry(tries)) },
  });
  const tried = await tryMail(tries, () => compose(row, found));
  switch (tried.status) {
    case 'no-turn':
      // Nothing has left, so it may still be judged anew.
      await db.buyerNotice.update({
        where: { id, shopId },
        data: { tries: row.tries, nextTryAt: after(NO_TURN_MS) },
      });
      return;
    case 'nothing-to-send':
      return passOver(row, 'over');
    case 'sent':
      await db.$transaction(async (tx) => {
        const { count } = await tx.buyerNotice.updateMany({
          where: { id, shopId, state: 'waiting' },
          data: { state: 'sent', sentAt: currentTime(), messageId: tried.messageId, problem: null },
        });
        if (count > 0)
          await recordEsim([{ shopId, esimId, kind: 'notice.sent', detail: { notice: kind } }], tx);
      });
      return;
    case 'failed': {
      const { problem, isFinal, retryInMs } = tried;
      log.warn('notice.failed', { esimId, reason: problem.kind }, problem);
      await db.$transaction(async (tx) => {
        await tx.buyerNotice.update({
          where: { id, shopId },
          data: { problem: problem.kind, nextTryAt: after(retryInMs), ...(isFinal && { state: 'failed' }) },
        });
        if (isFinal)
          await recordEsim(
            [{ shopId, esimId, kind: 'notice.failed', detail: { notice: kind, reason: problem.kind } }],
            tx,
          );
      });
      if (!isFinal) await wake('notices.send', esimId, retryInMs);
      return;
    }
    default:
      return tried satisfies never;
  }
}

/** `over`: no longer so, or too old. `switched-off`: by the merchant. */
async function passOver({ id, shopId }: Row, why: 'over' | 'switched-off') {
  await db.buyerNotice.updateMany({
    where: { id, shopId, state: 'waiting' },
    data: { state: 'skipped', problem: why },
  });
}

async function postpone({ id, shopId }: Row, nextTryAt: Date) {
  await db.buyerNotice.updateMany({ where: { id, shopId, state: 'waiting' }, data: { nextTryAt } });
}

async function compose(
  { id, kind, subject }: Row & { kind: NoticeKind },
  { esim, order, firstMail }: Noticed,
): Promise<Mail | null> {
  if (esim.traveller) return composeToReader({ id, kind, subject }, esim, esim.traveller);
  if (!order || !firstMail) return null;
  const { shopId } = esim;
  const [shop, esims] = await Promise.all([shopById(shopId), esimsOfOrder({ shopId, orderId: order.id })]);
  const bought = esims.find(({ unitId }) => unitId === esim.unitId);
  if (!bought) return null;
  const bundle = esim.assignments.find(({ key }) => key === subject);
  const mail = await renderNoticeMail({
    kind,
    locale: order.locale,
    ...{ shopName: shop.name, shopUrl: `https://${shop.domain}/` },
    orderName: order.name,
    esim: bought,
    endsAt: bundle?.endsAt ?? esim.endsAt,
    installPageUrl: installUrl(firstMail.id),
    topUpUrl: await topUpLink(shop, esim),
  });
  return {
    key: `notice-mail/${id}`,
    fromName: shop.name,
    to: unseal(firstMail.to, { table: 'Delivery', column: 'to', shopId, rowId: firstMail.id }),
    ...mail,
    attachments: [],
  };
}

/** The same about an eSIM that another place sold. */
async function composeToReader(
  { id, kind, subject }: Pick<Row, 'id' | 'subject'> & { kind: NoticeKind },
  esim: Noticed['esim'],
  reader: NonNullable<Noticed['esim']['traveller']>,
): Promise<Mail> {
  const { shopId, id: esimId } = esim;
  const [shop, sold] = await Promise.all([shopById(shopId), esimSoldElsewhere({ shopId, esimId })]);
  const mail = await renderNoticeMail({
    ...{ kind, locale: reader.locale, orderName: null, esim: sold },
    ...{ shopName: shop.name, shopUrl: `https://${shop.domain}/` },
    endsAt: esim.assignments.find(({ key }) => key === subject)?.endsAt ?? esim.endsAt,
    installPageUrl: installUrl(reader.id),
    topUpUrl: await topUpLink(shop, esim),
  });
  return {
    ...{ key: `notice-mail/${id}`, fromName: shop.name, to: openReader(reader), ...mail, attachments: [] },
  };
}
