import { runImport, staleImports } from './catalogue/sync.server.ts';
import { deliverOrder, dueDeliveries } from './delivery/deliver.server.ts';
import { dueNotifications, processNotification } from './notifications/process.server.ts';
import type { JobName, Jobs } from './platform/queue.server.ts';
import { buyForAccount } from './purchases/buy.server.ts';
import { dueAccounts, dueAttempts } from './purchases/due.server.ts';
import { settleAttempt } from './purchases/settle.server.ts';

/** Every job, and what it takes: the id of one row. */
export const jobs: Jobs = {
  'notifications.process': processNotification,
  'purchases.buy': buyForAccount,
  'purchases.settle': settleAttempt,
  'orders.deliver': deliverOrder,
  'catalogue.import': runImport,
};

/** Where the sweeper finds the rows that are due. */
export const findDueWork: [JobName, () => Promise<string[]>][] = [
  ['notifications.process', dueNotifications],
  ['purchases.buy', dueAccounts],
  ['purchases.settle', dueAttempts],
  ['orders.deliver', dueDeliveries],
  ['catalogue.import', staleImports],
];
