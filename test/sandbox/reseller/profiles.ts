import { isTopUpFor, topUp } from './orders.ts';
import type { Profile } from './state.ts';
import { dollars, inCase, json, refuse, textOf, type Answer, type Call, type Vendor } from './vendor.ts';

const MEGABYTE = 1_000_000;
const DAY = 24 * 3600_000;
const MOST_CHARACTERS = 160;

/** `GET /profiles/{identifier}`. Assumed: beside what the document shows, whose order and plan it is. */
export function getProfile(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  const { vendor } = call;
  return json({
    profile: {
      iccid: profile.iccid,
      esim_tran_no: profile.tranNo,
      order_id: profile.orderId,
      plan_id: profile.plan,
      status: inCase(call, statusOf(profile, vendor.now())),
      data_remaining: left(profile, knownUse(call, profile)),
      validity_days: daysLeft(profile, vendor.now()),
      ...(vendor.conducts.strike('tells-activation-codes', call.name) && {
        activation_code: activationCode(profile),
      }),
    },
  });
}

/** `GET /profiles/{identifier}/usage` */
export function getUsage(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  const { limitMegabytes } = profile;
  const used = knownUse(call, profile) / MEGABYTE;
  return json({
    usage: {
      data_used: used,
      data_limit: limitMegabytes ?? -1,
      percent_used: limitMegabytes === null ? 0 : Math.round((used / limitMegabytes) * 100),
    },
  });
}

/** `GET /usage/orders/{id}`: in words, and the newest only when asked for. */
export function getOrderUsage(call: Call): Answer {
  const { vendor, account, params, query } = call;
  const profile = vendor.state.profiles.find(
    ({ orderId, accountId }) => accountId === account.id && orderId === params.id,
  );
  if (!profile) return refuse(404, 'Order not found');
  if (query.get('refreshCache') === 'true') profile.cachedUsedBytes = profile.usedBytes;
  const limit = profile.limitMegabytes === null ? null : profile.limitMegabytes * MEGABYTE;
  const used = knownUse(call, profile);
  return json({
    order_id: params.id,
    usage: {
      data_used: inWords(used),
      data_total: limit === null ? 'Unlimited' : inWords(limit),
      data_remaining: limit === null ? 'Unlimited' : inWords(limit - used),
      percentage_used: limit === null ? 0 : Math.round((used / limit) * 1000) / 10,
      validity_remaining_days: daysLeft(profile, vendor.now()),
    },
  });
}

/** `POST /profiles/{identifier}/suspend`. Assumed: one that is suspended already is told so. */
export function suspend(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  if (profile.status === 'revoked') return refuse(400, 'Profile is revoked');
  if (profile.status === 'suspended') return refuse(400, 'Profile is already suspended');
  profile.statusBefore = profile.status;
  return changed(call, profile, 'suspended', 'Profile suspended successfully');
}

/** `POST /profiles/{identifier}/unsuspend` */
export function unsuspend(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  if (profile.status !== 'suspended') return refuse(400, 'Profile is not suspended');
  return changed(call, profile, profile.statusBefore ?? 'in_use', 'Profile unsuspended successfully');
}

/** `POST /profiles/{identifier}/revoke`: for good, and nothing is paid back. */
export function revoke(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  if (profile.status === 'revoked') return refuse(400, 'Profile is already revoked');
  return changed(call, profile, 'revoked', 'Profile revoked successfully');
}

/** `POST /profiles/{identifier}/topup` */
export function topUpProfile(call: Call): Answer {
  const profile = findProfile(call);
  return profile ? topUp(call, profile) : noSuchProfile;
}

/** `GET /profiles/{identifier}/topup-plans` */
export function listTopUpPlans(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  const plans = [...call.vendor.plans.values()]
    .filter((plan) => isTopUpFor(profile, plan, call.vendor))
    .map(({ packageCode, megabytes, priceUnits, days }) => ({
      package_code: packageCode,
      data_volume_mb: megabytes ?? -1,
      price: dollars(priceUnits),
      validity_days: days,
    }));
  return json({ plans });
}

/** `POST /profiles/{identifier}/sms` */
export function sendSms(call: Call): Answer {
  const profile = findProfile(call);
  if (!profile) return noSuchProfile;
  const message = textOf(call.body.message);
  if (message === '' || message.length > MOST_CHARACTERS)
    return refuse(400, `message must have 1 to ${String(MOST_CHARACTERS)} characters`);
  profile.messages.push(message);
  call.vendor.touch();
  return json({ message: 'SMS sent successfully' }, { executed: true });
}

export function activationCode({ smdpAddress, matchingId }: Profile): string {
  return `LPA:1$${smdpAddress}$${matchingId}`;
}

/** What the traveller does with it. */
export function install(vendor: Vendor, profile: Profile) {
  if (profile.status === 'released') profile.status = 'installed';
  tell(vendor, profile);
}

/** The traveller uses data; the vendor learns of it at once, and its cached answers later. */
export function useData(vendor: Vendor, profile: Profile, bytes: number) {
  const limit = profile.limitMegabytes === null ? Infinity : profile.limitMegabytes * MEGABYTE;
  profile.startedAt ??= vendor.now();
  profile.status = 'in_use';
  profile.usedBytes = Math.min(limit, profile.usedBytes + bytes);
  tell(vendor, profile);
}

export function statusOf(profile: Profile, now: number): string {
  const isOver = profile.startedAt !== null && now >= profile.startedAt + profile.days * DAY;
  return isOver && profile.status !== 'revoked' ? 'expired' : profile.status;
}

function changed(call: Call, profile: Profile, status: Profile['status'], message: string): Answer {
  profile.status = status;
  tell(call.vendor, profile);
  return json({ message }, { executed: true });
}

export function tell(vendor: Vendor, profile: Profile) {
  vendor.touch();
  const account = vendor.state.accounts.find(({ id }) => id === profile.accountId);
  if (account)
    vendor.tell(account, 'ESIM_STATUS', {
      iccid: profile.iccid,
      order_id: profile.orderId,
      status: statusOf(profile, vendor.now()),
    });
}

/** By its ICCID, the vendor's own number, or its order. */
function findProfile({ vendor, account, params }: Call): Profile | undefined {
  return vendor.state.profiles.find(
    ({ accountId, iccid, tranNo, orderId }) =>
      accountId === account.id && [iccid, tranNo, orderId].includes(params.identifier ?? ''),
  );
}

const noSuchProfile = refuse(404, 'Profile not found');

/** What the usage calls tell: what was used, or what they remember of it. */
function knownUse({ vendor, name }: Call, profile: Profile): number {
  if (!vendor.conducts.strike('remembers-the-usage', name)) profile.cachedUsedBytes = profile.usedBytes;
  return profile.cachedUsedBytes;
}

function left({ limitMegabytes }: Profile, usedBytes: number): number {
  return limitMegabytes === null ? -1 : limitMegabytes - usedBytes / MEGABYTE;
}

function daysLeft({ startedAt, days }: Profile, now: number): number {
  return startedAt === null ? days : Math.max(0, Math.ceil((startedAt + days * DAY - now) / DAY));
}

/** "1.2GB": one digit behind the point, as the document shows it. */
function inWords(bytes: number): string {
  const [size, unit] =
    bytes >= 1_000 * MEGABYTE ? [bytes / 1_000 / MEGABYTE, 'GB'] : [bytes / MEGABYTE, 'MB'];
  return `${String(Math.round(size * 10) / 10)}${unit}`;
}
