/**
 * Where the operations are, below the base URL (…/api/v1). Assumed, all of them: the vendor's document names operations and
 * no paths. What a real account answers with 404 is put right here and nowhere else.
 */
export const paths = {
  logIn: '/auth/login',
  refresh: '/auth/refresh',
  plans: '/plans',
  regionalPlans: (region: string) => `/plans/regional/${encodeURIComponent(region)}`,
  plan: (id: string) => `/plans/${encodeURIComponent(id)}`,
  orders: '/orders',
  order: (id: string) => `/orders/${encodeURIComponent(id)}`,
  profile: (iccid: string) => `/profiles/${encodeURIComponent(iccid)}`,
  usage: (iccid: string) => `${paths.profile(iccid)}/usage`,
  suspend: (iccid: string) => `${paths.profile(iccid)}/suspend`,
  unsuspend: (iccid: string) => `${paths.profile(iccid)}/unsuspend`,
  revoke: (iccid: string) => `${paths.profile(iccid)}/revoke`,
  topUp: (iccid: string) => `${paths.profile(iccid)}/topup`,
  topUpPlans: (iccid: string) => `${paths.profile(iccid)}/topup-plans`,
  sms: (iccid: string) => `${paths.profile(iccid)}/sms`,
  balance: '/credits/balance',
  transactions: '/credits/transactions',
  orderUsage: (id: string) => `/usage/orders/${encodeURIComponent(id)}`,
  webhooks: '/webhooks',
  webhook: (id: string) => `/webhooks/${encodeURIComponent(id)}`,
  testWebhook: (id: string) => `${paths.webhook(id)}/test`,
  health: '/health',
};
