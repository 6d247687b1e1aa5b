import type { ProviderConnection } from '../connection.ts';
import { ProviderError, type EsimProvider } from '../contract.ts';
import { request } from '../http.server.ts';
import * as map from './map.ts';
import { Failure, Sim } from './wire.ts';

/** Nothing is published: a figure nobody minds, for each account. */
export const limits = { requestsPerSecond: 5, countedBy: 'key' };

export interface GoHubCredentials {
  /** In which header the key goes, and the key as it goes there. */
  header: string;
  key: string;
}

/** GoHub's information API: it tells of eSIMs and SIM cards that were bought elsewhere, and sells none. */
export function createGoHub(connection: ProviderConnection<GoHubCredentials>): EsimProvider {
  const { credentials, baseUrl, fetch, signal, onAnswer } = connection;

  function ask(act: string, kind: 'esim' | 'sim', iccid: string): Promise<Sim> {
    return request({
      ...{ fetch, signal, onAnswer },
      supplier: 'GoHub',
      act,
      method: 'GET',
      url: new URL(`${baseUrl.replace(/\/+$/, '')}/api/v1/products/${kind}/${encodeURIComponent(iccid)}`),
      headers: { [credentials.header]: credentials.key },
      schema: Sim,
      errorCode: (body) => Failure.safeParse(body).data?.errorCode ?? null,
    });
  }

  /** An ICCID does not say whether it is an eSIM's or that of a card that was recharged. */
  async function read(act: string, iccid: string): Promise<Sim> {
    try {
      return await ask(act, 'esim', iccid);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
      return ask(act, 'sim', iccid);
    }
  }

  return {
    async getEsim(iccid) {
      return map.toProfile(await read('read eSIM', iccid));
    },
    async listAssignments(iccid) {
      return map.toAssignments(await read('read plan of eSIM', iccid));
    },
    async listHistory(iccid) {
      return map.toHistory(await read('read history', iccid));
    },
    async readSale(iccid) {
      return map.toSale(await read('read sale', iccid));
    },
  };
}
