import type { z } from 'zod';
import type { ProviderConnection } from '../connection.ts';
import { ProviderError, type Balance, type Refused } from '../contract.ts';
import { request, type ProviderRequest } from '../http.server.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

/** Rows of a page, wherever a listing has pages. */
export const PAGE_SIZE = 100;

export interface EsimGoCredentials {
  apiKey: string;
  /** Of the API. The later one adds to the earlier: more that can be asked, and more fields in some answers. */
  version: '2.4' | '2.5';
  /** The branding of new eSIMs, with 2.5; empty for the account's first profile. */
  brandingProfile: string;
}

export type EsimGoApi = ReturnType<typeof openApi>;

/** One account's way to eSIM Go: how it is asked, and what its answers mean whatever was asked. */
export function openApi(connection: ProviderConnection<EsimGoCredentials>) {
  const { credentials, fetch, signal, onAnswer } = connection;
  const { version } = credentials;
  // One word asks for the links of both kinds of phone, since 2.5.
  const installUrls = version === '2.4' ? 'appleInstallUrl' : 'installUrl';
  // The account says which version, whatever the address ends with.
  const baseUrl = `${connection.baseUrl.replace(/\/+$/, '').replace(/\/v[\d.]+$/, '')}/v${version}`;

  function send<T>(options: {
    act: string;
    path: string;
    query?: [string, string][];
    schema: z.ZodType<T>;
    more?: Partial<ProviderRequest<T>>;
  }): Promise<T> {
    const url = new URL(baseUrl + options.path);
    url.search = new URLSearchParams(options.query).toString();
    return request({
      ...{ fetch, signal, onAnswer },
      supplier: 'eSIM Go',
      act: options.act,
      method: 'GET',
      url,
      headers: { 'X-API-Key': credentials.apiKey },
      schema: options.schema,
      ...options.more,
    });
  }

  /**
   * eSIM Go answers 403 both to a bad key and to an ICCID or a reference that is not the account's. Asking for the
   * balance tells them apart: a key that reads it is good.
   */
  async function ofThisAccount<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'credentials') throw error;
      await getBalance();
      throw new ProviderError('rejected', `${error.message}, yet the key is good: not of this account`);
    }
  }

  async function getBalance(): Promise<Balance> {
    const { balance, currency, testCredit } = await send({
      act: 'read balance',
      path: '/organisation',
      schema: wire.Organisation,
    });
    return { amount: balance, currency: currency.toUpperCase(), testCredit };
  }

  return {
    send,
    ofThisAccount,
    getBalance,
    credentials,
    /** The name of the fields with an eSIM's links. */
    installUrls,
  };
}

/** The path of an eSIM. */
export function esimPath(iccid: string): string {
  return `/esims/${encodeURIComponent(iccid)}`;
}

/** A 403 speaks of the key as well, so only a 400 is a "no" to what was asked. */
export function refusalOf400(words: string, status: number): Refused | null {
  return status === 400 ? map.toRefusal(words) : null;
}

/** Of answers whose words say nothing. */
export const asText = (body: string) => body;
