import { dueAlerts, lookForAlerts } from './alerts/look.server.ts';
import { dueNightly, startNightly } from './catalogue/nightly.server.ts';
import { syncCatalogue } from './catalogue/sync.server.ts';
import { carryOutRequest, dueRequests } from './compliance/carry-out.server.ts';
import { dueForgetting, forgetOutlived } from './compliance/retention.server.ts';
import { deliverOrder, dueDeliveries } from './delivery/deliver.server.ts';
import { adoptAll } from './desk/adopt-all.server.ts';
import { adoptFound, findMany } from './desk/adopt-file.server.ts';
import { lookAtMany, resendMany } from './desk/bulk.server.ts';
import { dueFillingIn, fillIn } from './desk/fill-in.server.ts';
import { dueLooks, lookAtDue } from './esims/look-due.server.ts';
import { dueShopRefunds, refundInShopify } from './desk/cancel-and-refund.server.ts';
import { dueRefunded, followRefund } from './desk/follow-refund.server.ts';
import { dueActions, settleAction } from './desk/settle.server.ts';
import { dueNotices } from './notices/due.server.ts';
import { sendNotices } from './notices/send.server.ts';
import { dueCallbacks, processCallbacks } from './notifications/callback-work.server.ts';
import { dueNotifications, processNotifications } from './notifications/process.server.ts';
import type { JobName, Jobs } from './platform/queue.server.ts';
import { applyPrices } from './products/apply-prices.server.ts';
import { dueFollowing, followCatalogue } from './products/follow.server.ts';
import { lookAtFile } from './products/look-at-file.server.ts';
import { publishProducts } from './products/publish.server.ts';
import { refreshProducts } from './products/refresh.server.ts';
import { dueProbes, probeAccount } from './purchases/breaker.server.ts';
import { buyForAccount } from './purchases/buy.server.ts';
import { dueAccounts, dueAttempts } from './purchases/due.server.ts';
import { settleAttempt } from './purchases/settle.server.ts';
import { dueTagging, tagEsims } from './purchases/tag.server.ts';
import { dueValidations, validateOrder } from './purchases/validate.server.ts';
import { dueRates, lookForRates } from './rates/fetch.server.ts';
import { dueTasks, taskRunner, type TaskWorks } from './tasks/run.server.ts';
import { auditAccount, dueAudits } from './watch/audit.server.ts';
import { dueRecoveries, recoverAccount } from './watch/recover.server.ts';
import { dueReconciliations, reconcileShop } from './watch/reconcile.server.ts';

/** What people watch being done, by the kind of task. */
const works: TaskWorks = {
  'catalogue.sync': syncCatalogue,
  'mappings.look': lookAtFile,
  'esims.look': lookAtMany,
  'esims.resend': resendMany,
  'esims.adopt': adoptAll,
  'esims.find': findMany,
  'esims.adopt-found': adoptFound,
  'prices.apply': applyPrices,
  'products.publish': publishProducts,
  'products.refresh': refreshProducts,
};

/** Every job that looks at one row, whose id it takes. */
export const jobs: Omit<Jobs, 'watch.sweep'> = {
  'notifications.process': processNotifications,
  'callbacks.process': processCallbacks,
  'purchases.buy': buyForAccount,
  'purchases.settle': settleAttempt,
  'purchases.probe': probeAccount,
  'purchases.validate': validateOrder,
  'purchases.tag': tagEsims,
  'orders.deliver': deliverOrder,
  'notices.send': sendNotices,
  'esims.look': lookAtDue,
  'desk.fill-in': fillIn,
  'catalogue.nightly': startNightly,
  'products.follow': followCatalogue,
  'tasks.run': taskRunner(works),
  'rates.look': lookForRates,
  'shops.reconcile': reconcileShop,
  'accounts.audit': auditAccount,
  'accounts.recover': recoverAccount,
  'alerts.look': lookForAlerts,
  'desk.settle': settleAction,
  'units.give-back': followRefund,
  'orders.refund': refundInShopify,
  'compliance.carry-out': carryOutRequest,
  'compliance.forget': forgetOutlived,
};

/** Where the sweeper finds the rows that are due. */
export const findDueWork: [JobName, () => Promise<string[]>][] = [
  // First: while it is due, nothing is bought.
  ['accounts.recover', dueRecoveries],
  ['notifications.process', dueNotifications],
  ['callbacks.process', dueCallbacks],
  ['purchases.buy', dueAccounts],
  ['purchases.settle', dueAttempts],
  ['purchases.probe', dueProbes],
  ['purchases.validate', dueValidations],
  ['purchases.tag', dueTagging],
  ['orders.deliver', dueDeliveries],
  ['notices.send', dueNotices],
  ['esims.look', dueLooks],
  ['desk.fill-in', dueFillingIn],
  ['tasks.run', dueTasks],
  ['rates.look', dueRates],
  ['catalogue.nightly', dueNightly],
  ['products.follow', dueFollowing],
  ['shops.reconcile', dueReconciliations],
  ['accounts.audit', dueAudits],
  ['alerts.look', dueAlerts],
  ['desk.settle', dueActions],
  ['units.give-back', dueRefunded],
  ['orders.refund', dueShopRefunds],
  ['compliance.carry-out', dueRequests],
  ['compliance.forget', dueForgetting],
];
