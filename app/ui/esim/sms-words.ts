import type { SmsCount } from '../../desk/sms.ts';

/** "12 of 160 characters"; with 70, why it is no more. */
export function smsCountLine({ units, most, because }: SmsCount): string {
  const count = `${String(units)} of ${String(most)} characters`;
  return because === null
    ? `${count}.`
    : `${count}: with “${because}”, which is not in the short alphabet of text messages, one message holds 70.`;
}
