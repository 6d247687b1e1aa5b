import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** An account with the money in it, as it is known. */
export interface MoneyAccount {
  id: string;
  label: string;
  state: string;
  /** ISO 4217; null while the supplier never told a balance. */
  currency: string | null;
  balance: Decimal | null;
  testCredit: Decimal | null;
  balanceAt: Date | null;
  reserve: Decimal;
  alertBelow: Decimal | null;
}

/** The shop's accounts, also those that were disconnected: their books stay. The oldest first. */
export async function moneyAccounts(shop: Shop): Promise<MoneyAccount[]> {
  const rows = await db.supplierAccount.findMany({
    where: { shopId: shop.id, sells: true },
    select: {
      ...{ id: true, label: true, state: true, currency: true, balance: true, testCredit: true },
      ...{ balanceAt: true, reserve: true, alertBelow: true },
    },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map(({ balance, testCredit, reserve, alertBelow, ...row }) => ({
    ...row,
    balance: exact(balance),
    testCredit: exact(testCredit),
    reserve: new Decimal(reserve.toFixed()),
    alertBelow: exact(alertBelow),
  }));
}

const exact = (value: Decimal | null) => value && new Decimal(value.toFixed());

/** The account that is asked for, else the first that is connected; null for an id the shop does not have, or no account. */
export async function chosenAccount(
  shop: Shop,
  id: string | null,
): Promise<{ accounts: MoneyAccount[]; account: MoneyAccount | null }> {
  const accounts = await moneyAccounts(shop);
  const connected = accounts.find(({ state }) => state !== 'disconnected') ?? accounts[0];
  const account = id === null || id === '' ? connected : accounts.find((each) => each.id === id);
  return { accounts, account: account ?? null };
}
