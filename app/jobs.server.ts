import { dueAlerts, lookForAlerts } from './alerts/look.server.ts';
import { dueNightly, startNightly } from './catalogue/nightly.server.ts';
import { syncCatalogue } from './catalogue/sync.server.ts';
import { deliverOrder, dueDeliveries } from './delivery/deliver.server.ts';
import { dueLooks, lookAtDue } from './esims/look-due.server.ts';
import { dueActions, settleAction } from './desk/settle.server.ts';
import { dueNotifications, processNotifications } from './notifications/process.server.ts';
import type { JobName, Jobs } from './platform/queue.server.ts';
import { applyPrices } from './products/apply-prices.server.ts';
import { dueFollowing, followCatalogue } from './products/follow.server.ts';
import { lookAtFile } from './products/look-at-file.server.ts';
import { publishProducts } from './products/publish.server.ts';
import { refreshProducts } from './products/refresh.server.ts';
import { buyForAccount } from './purchases/buy.server.ts';
import { dueAccounts, dueAttempts } from './purchases/due.server.ts';
import { dueGivingBack, giveBack } from './purchases/give-back.server.ts';
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
  'prices.apply': applyPrices,
  'products.publish': publishProducts,
  'products.refresh': refreshProducts,
};

/** Every job that looks at one row, whose id it takes. */
export const jobs: Omit<Jobs, 'watch.sweep'> = {
  'notifications.process': processNotifications,
  'purchases.buy': buyForAccount,
  'purchases.settle': settleAttempt,
  'purchases.validate': validateOrder,
  'purchases.give-back': giveBack,
  'purchases.tag': tagEsims,
  'orders.deliver': deliverOrder,
  'esims.look': lookAtDue,
  'catalogue.nightly': startNightly,
  'products.follow': followCatalogue,
  'tasks.run': taskRunner(works),
  'rates.look': lookForRates,
  'shops.reconcile': reconcileShop,
  'accounts.audit': auditAccount,
  'accounts.recover': recoverAccount,
  'alerts.look': lookForAlerts,
  'desk.settle': settleAction,
};

/** Where the sweeper finds the rows that are due. */
export const findDueWork: [JobName, () => Promise<string[]>][] = [
  // First: while it is due, nothing is bought.
  ['accounts.recover', dueRecoveries],
  ['notifications.process', dueNotifications],
  ['purchases.buy', dueAccounts],
  ['purchases.settle', dueAttempts],
  ['purchases.validate', dueValidations],
  ['purchases.give-back', dueGivingBack],
  ['purchases.tag', dueTagging],
  ['orders.deliver', dueDeliveries],
  ['esims.look', dueLooks],
  ['tasks.run', dueTasks],
  ['rates.look', dueRates],
  ['catalogue.nightly', dueNightly],
  ['products.follow', dueFollowing],
  ['shops.reconcile', dueReconciliations],
  ['accounts.audit', dueAudits],
  ['alerts.look', dueAlerts],
  ['desk.settle', dueActions],
];
