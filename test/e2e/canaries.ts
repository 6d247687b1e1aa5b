import { ESIM_GO_KEY, type Sandbox } from '../sandbox/sandbox.ts';

/** Everything of this sandbox that must stand in no log line, by what it is; the words found in `text`. */
export function canariesIn(text: string, { esimGo, resend, shopify }: Sandbox): string[] {
  const secrets: [string, string][] = [
    ['API key of the supplier', ESIM_GO_KEY],
    ...esimGo.organisations.map(({ apiKey }): [string, string] => ['API key of the supplier', apiKey]),
    ...esimGo.esims.flatMap(({ iccid, matchingId, activationCode }): [string, string][] => [
      ['ICCID', iccid],
      ['matching ID', matchingId],
      ['activation code', activationCode],
    ]),
    ...resend.mails.flatMap(({ to, text: body }): [string, string][] => [
      ...to.map((address): [string, string] => ['e-mail address', address]),
      ...[...(body ?? '').matchAll(/\/i\/([\w-]+)/g)].map(([, token = '']): [string, string] => [
        'install link',
        token,
      ]),
    ]),
    ...shopify.state
      .shops()
      .flatMap(({ orders }) =>
        orders.map(({ checkoutToken }): [string, string] => ['checkout token', checkoutToken ?? '']),
      ),
  ];
  return [
    ...new Set(secrets.filter(([, secret]) => secret !== '' && text.includes(secret)).map(([kind]) => kind)),
  ];
}
