import type { Merchant } from './shop.ts';

/** Fields of Settings → Before money moves, as its form posts them. */
export interface Choices {
  riskHold?: 'off' | 'high' | 'medium';
  buyDelayMinutes?: string;
  priceGuardPercent?: string;
  mostPerOrder?: string;
  /** Of the supplier's account. */
  reserve?: string;
  stockFirst?: 'on';
  rebuy?: 'on';
}

/** The merchant changes these and leaves the others as they are. */
export async function choose(merchant: Merchant, choices: Choices): Promise<void> {
  const page = ['/app/settings/buying', 'app.settings.buying'] as const;
  const { accounts, saved } = await merchant.read<{
    accounts: { accountId: string }[];
    saved: Record<string, string>;
  }>(...page);
  const fields = Object.entries({ ...choices }).map(([name, value]): [string, string] => {
    const ofAccount = `${name} ${accounts[0]?.accountId ?? ''}`;
    return [ofAccount in saved ? ofAccount : name, value];
  });
  const { status, data } = await merchant.send(...page, {
    intent: 'save',
    ...saved,
    ...Object.fromEntries(fields),
  });
  if (status !== 200) throw new Error(`the settings were not saved: ${JSON.stringify(data)}`);
}
