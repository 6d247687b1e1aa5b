import type pg from 'pg';

/**
 * Adds orders of the last year from one number to another, of the one shop there is: each with a piece, an eSIM and ten
 * entries of the ledger, nine purchases and a refund.
 */
export async function figuresRows(client: pg.Client, from: number, to: number): Promise<void> {
  for (const sql of [ORDERS, UNITS, ESIMS, ENTRIES]) await client.query(sql, [from, to]);
  await client.query(BALANCE);
  // As autovacuum does.
  await client.query('VACUUM ANALYZE "Order", "Unit", "Esim", "BalanceEntry"');
}

// Spread over a year, in no order; the entries of an order stand beside it.
const soldAt = `app_now() - interval '1 hour' - interval '364 days' * ((n::bigint * 7919) % 1000003) / 1000003.0`;
const destination = `(ARRAY['FR', 'DE', 'JP', 'US', 'IT', 'ES', 'GB', 'TH', 'global', 'europe'])[1 + n % 10]`;
const numbers = `generate_series($1::int, $2::int) AS n, (SELECT id AS shop FROM "Shop") AS of_shop`;
const account = `(SELECT id FROM "SupplierAccount")`;

const ORDERS = `
  INSERT INTO "Order" (id, "shopId", "shopifyGid", name, currency, "paidAt", "mailState", "fulfilState", "createdAt")
  SELECT 'order-' || n, shop, 'gid://shopify/Order/' || (7000000000 + n), '#' || (1000 + n), 'USD', ${soldAt}, 'sent', 'done',
    ${soldAt}
  FROM ${numbers}`;

const UNITS = `
  INSERT INTO "Unit" (id, "shopId", "orderId", "lineItemGid", "unitIndex", title, "priceMinor", state, "fulfilledAt",
    "updatedAt", "soldAt", "soldCurrency", "soldDestination")
  SELECT 'unit-' || n, shop, 'order-' || n, 'gid://shopify/LineItem/' || n, 0, 'eSIM', 400 + n % 600, 'delivered', ${soldAt},
    ${soldAt}, ${soldAt}, 'USD', ${destination}
  FROM ${numbers}`;

const ESIMS = `
  INSERT INTO "Esim" (id, "shopId", "accountId", provider, "unitId", "orderId", "orderReference", "iccidHash", "iccidLast4",
    secret, destination, "installedAt", "createdAt")
  SELECT 'esim-' || n, shop, ${account}, 'esim-go', 'unit-' || n, 'order-' || n, 'ref-' || n, 'hash-' || n,
    lpad((n % 10000)::text, 4, '0'), '', ${destination}, CASE WHEN n % 3 > 0 THEN ${soldAt} END, ${soldAt}
  FROM ${numbers}`;

const ENTRIES = `
  INSERT INTO "BalanceEntry" (id, "shopId", "accountId", kind, amount, currency, key, reference, "orderId", destination, at)
  SELECT 'entry-' || n || '-' || part, shop, ${account}, CASE part WHEN 10 THEN 'refund' ELSE 'purchase' END,
    CASE part WHEN 10 THEN 0.5 ELSE -0.25 END, 'USD', 'attempt ' || n || '-' || part, 'ref-' || n, 'order-' || n,
    ${destination}, ${soldAt}
  FROM ${numbers}, generate_series(1, 10) AS part`;

// What the supplier says is what the ledger makes.
const BALANCE = `UPDATE "SupplierAccount" SET balance = (SELECT sum(amount) FROM "BalanceEntry"), "balanceAt" = app_now()`;
