import { planOnTheWire, type Plan } from './plans.ts';
import {
  creditUnits,
  dollars,
  json,
  paged,
  refuse,
  textOf,
  type Answer,
  type Call,
  type Vendor,
} from './vendor.ts';

const SOFT_LIMIT_DOLLARS = 100;

/** `GET /plans` */
export function listPlans(call: Call): Answer {
  const { vendor, query } = call;
  const country = query.get('country')?.toUpperCase();
  const countryName = query.get('country_name')?.toLowerCase();
  const region = query.get('region')?.toUpperCase();
  const search = query.get('search')?.toLowerCase();
  const rows = [...vendor.plans.values()].filter(
    (plan) =>
      (country === undefined || plan.countries.some(({ iso }) => iso === country)) &&
      (countryName === undefined || plan.countries.some(({ name }) => name.toLowerCase() === countryName)) &&
      (region === undefined || plan.region === region) &&
      (search === undefined || `${plan.name} ${plan.region ?? ''}`.toLowerCase().includes(search)),
  );
  return paged(call, { key: 'plans', rows }, planOnTheWire);
}

/** `GET /plans/regional/{region}` */
export function listRegionalPlans(call: Call): Answer {
  const rows = ofRegion(call.vendor, call.params.region ?? '');
  return paged(call, { key: 'plans', rows }, planOnTheWire);
}

/** `GET /plans/{id}` */
export function getPlan({ vendor, params, name }: Call): Answer {
  const plan = vendor.plans.get(params.id ?? '');
  return plan && !vendor.conducts.strike('withdraws-the-bundle', name)
    ? json({ plan: planOnTheWire(plan) })
    : refuse(404, 'Plan not found');
}

/** `GET /credits/balance`: which fields come depends on how the account pays. */
export function getBalance({ account }: Call): Answer {
  const { billing, balanceUnits, creditLimitUnits, currency } = account;
  const shared = { currency, billing_mode: billing };
  if (billing === 'prepaid')
    return json({
      balance: dollars(balanceUnits),
      ...shared,
      soft_limit_threshold: SOFT_LIMIT_DOLLARS,
      current_usage: 0,
    });
  return json({
    ...shared,
    credit_limit: dollars(creditLimitUnits),
    current_usage: dollars(-balanceUnits),
    available_credit: dollars(creditUnits(account)),
  });
}

/** `GET /credits/transactions` */
export function listTransactions(call: Call): Answer {
  const { vendor, account, query } = call;
  const bound = (name: string, open: number) => {
    const text = query.get(name);
    return text === null ? open : Date.parse(text);
  };
  const [from, to] = [bound('start_date', -Infinity), bound('end_date', Infinity)];
  if (Number.isNaN(from) || Number.isNaN(to)) return refuse(400, 'dates must be ISO 8601');
  const type = query.get('type');
  const rows = vendor.state.transactions
    .filter((row) => row.accountId === account.id && row.at >= from && row.at <= to)
    .filter((row) => type === null || row.type === type)
    .filter((row) => row.description.includes(textOf(query.get('search'))))
    .reverse();
  return paged(call, { key: 'transactions', rows }, ({ id, type, amountUnits, description, at }) => ({
    ...{ id, type, amount: dollars(amountUnits), currency: account.currency, status: 'completed' },
    ...{ description, created_at: new Date(at).toISOString() },
  }));
}

/** `GET /health`: needs no session. */
export function health(vendor: Vendor): Answer {
  const timestamp = new Date(vendor.now()).toISOString();
  return json({ status: 'healthy', timestamp, services: { database: 'connected', redis: 'connected' } });
}

function ofRegion(vendor: Vendor, region: string): Plan[] {
  return [...vendor.plans.values()].filter((plan) => plan.region === region.toUpperCase());
}
