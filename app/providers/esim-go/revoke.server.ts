import type { Refused, RevokeTarget, Revoked, SellingProvider } from '../contract.ts';
import { esimPath, refusalOf400, type EsimGoApi } from './api.server.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';
import type { RevokeOptions } from './wire.ts';

/** Taking a bundle back: what it would give is always asked first. */
export function revokingOf({ send, ofThisAccount }: EsimGoApi) {
  function askAboutRevoke(target: RevokeTarget): Promise<RevokeOptions | Refused> {
    return ofThisAccount(
      send<RevokeOptions | Refused>({
        act: 'ask about revoking',
        path: revokePath(target),
        query: [['type', 'validate']],
        schema: wire.RevokeOptions,
        more: { method: 'DELETE', reference: target.bundle, refusal: refusalOf400 },
      }),
    );
  }

  return {
    async offerRevoke(request) {
      const options = await askAboutRevoke(request);
      return 'reason' in options ? options : { status: 'offered', offers: map.toRevokeOffers(options) };
    },

    async revoke({ onlyForRefund = false, ...target }) {
      const options = await askAboutRevoke(target);
      if ('reason' in options) return options;
      if (onlyForRefund && map.toRevokeOffers(options).length === 0)
        return { status: 'refused', reason: 'rejected', detail: 'nothing would be given back' };

      const offerId = map.balanceOffer(options);
      const refund: [string, string][] =
        offerId === null
          ? []
          : [
              ['refundToBalance', 'true'],
              ['offerId', offerId],
            ];
      return ofThisAccount(
        send<Revoked | Refused>({
          act: 'revoke',
          path: revokePath(target),
          query: [['type', 'transaction'], ...refund],
          schema: wire.StatusMessage.transform(({ status }) => map.revokeOutcome(status)),
          more: { method: 'DELETE', reference: target.bundle, buys: true, refusal: refusalOf400 },
        }),
      );
    },
  } satisfies Partial<SellingProvider>;
}

function revokePath({ iccid, bundle, assignmentId }: RevokeTarget): string {
  const path = `${esimPath(iccid)}/bundles/${encodeURIComponent(bundle)}`;
  return assignmentId === undefined ? path : `${path}/assignments/${encodeURIComponent(assignmentId)}`;
}
