import { Decimal } from 'decimal.js';
import type { RevokeLook } from '../../desk/revoke.server.ts';
import type { Display } from '../display.ts';

/** What taking a bundle back would come to, in sentences. */
export function revokeView({ refundTo, amount, currency, takesEsim, mark }: RevokeLook, show: Display) {
  const sum =
    amount === null || currency === null ? null : show.cost({ amount: new Decimal(amount), currency });
  return { status: 'offered' as const, mark, takesEsim, refundTo, back: backSentence(refundTo, sum) };
}

function backSentence(refundTo: RevokeLook['refundTo'], sum: string | null): string {
  switch (refundTo) {
    case 'balance':
      return sum === null
        ? 'The supplier pays its price back to your balance.'
        : `The supplier pays ${sum} back to your balance.`;
    case 'stock':
      return 'The bundle comes back to your stock, for another eSIM.';
    case 'nothing':
      return 'Nothing comes back: the supplier pays only for what was not begun, and only for a time.';
    default:
      return refundTo satisfies never;
  }
}
