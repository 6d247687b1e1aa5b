import type { MailErrorKind } from '../platform/mail.server.ts';
import type { ProviderErrorKind } from '../providers/contract.ts';
import type { ShopifyErrorKind } from '../shopify/shopify-error.ts';

/** Words for a merchant: what happened, and what to do next. */
export interface ProblemText {
  title: string;
  whatNext: string;
}

export type ProblemSide = 'supplier' | 'shopify' | 'mail';

export const problems: {
  supplier: Record<ProviderErrorKind, ProblemText>;
  shopify: Record<ShopifyErrorKind, ProblemText>;
  mail: Record<MailErrorKind, ProblemText>;
} = {
  supplier: {
    credentials: {
      title: 'The supplier refused the key',
      whatNext:
        "Nothing was bought. Copy the key again from the supplier's portal and enter it in Settings → Suppliers.",
    },
    funds: {
      title: 'The balance at the supplier is too low',
      whatNext:
        "Nothing was bought. Top up your account in the supplier's portal; waiting orders then go on by themselves.",
    },
    rejected: {
      title: 'The supplier said no to this request',
      whatNext: 'Nothing was bought. Check that the bundle is still in your catalogue, then try again.',
    },
    'rate-limited': {
      title: 'The supplier asks us to wait',
      whatNext: 'Nothing was bought. Try again in a minute; orders wait and go on by themselves.',
    },
    down: {
      title: 'The supplier does not answer',
      whatNext: 'Nothing was bought. Try again in a few minutes; orders wait and go on by themselves.',
    },
    'unknown-outcome': {
      title: 'The supplier’s answer to a purchase was lost',
      whatNext:
        'It may have been bought. We look it up at the supplier before anything is ordered again; open the order to follow it.',
    },
    unreadable: {
      title: 'The supplier answered in a way we do not understand',
      whatNext: 'Try again in a few minutes. If it stays, tell whoever runs this app: it may need an update.',
    },
  },
  shopify: {
    'signed-out': {
      title: 'Shopify has signed the app out',
      whatNext:
        'Close the app and open it again from your Shopify admin. If it stays, uninstall the app and install it again.',
    },
    permission: {
      title: 'The app lacks a permission in Shopify',
      whatNext: 'Open the app again from your Shopify admin and agree to the permissions it asks for.',
    },
    'user-errors': {
      title: 'Shopify did not accept what was entered',
      whatNext: 'Change what Shopify names, then try again.',
    },
    throttled: {
      title: 'Shopify asks us to wait',
      whatNext: 'Try again in a minute.',
    },
    down: {
      title: 'Shopify does not answer',
      whatNext:
        'Try again in a few minutes. Paid orders are not lost: they are read as soon as Shopify answers.',
    },
    unreadable: {
      title: 'Shopify answered in a way we do not understand',
      whatNext: 'Try again in a few minutes. If it stays, tell whoever runs this app: it may need an update.',
    },
  },
  mail: {
    'rate-limited': {
      title: 'The mail service asks us to wait',
      whatNext:
        'The e-mail is sent again by itself. The buyer already sees the eSIM on the order status page.',
    },
    refused: {
      title: 'The mail service refused the address',
      whatNext: 'Ask the buyer for another address and resend the eSIM to it.',
    },
    credentials: {
      title: 'The mail service refused our sender',
      whatNext:
        'Tell whoever runs this app to check RESEND_API_KEY and MAIL_FROM. E-mails are sent again afterwards.',
    },
    down: {
      title: 'The mail service does not answer',
      whatNext:
        'The e-mail is sent again by itself. The buyer already sees the eSIM on the order status page.',
    },
  },
};

const unknown: ProblemText = {
  title: 'Something went wrong',
  whatNext: 'Try again in a few minutes. If it stays, tell whoever runs this app.',
};

/** What to say of another side's failure. `kind` may come from a stored row: one we do not know gets general words. */
export function problemText(kind: string, side: ProblemSide = 'supplier'): ProblemText {
  const texts: Record<string, ProblemText> = problems[side];
  return (Object.hasOwn(texts, kind) ? texts[kind] : undefined) ?? unknown;
}
