import type { ProviderNetwork, SellingProvider } from '../contract.ts';
import { orNull } from '../http.server.ts';
import { PAGE_SIZE, type EsimGoApi } from './api.server.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

/** So many codes keep an address short. */
const COUNTRIES_AT_ONCE = 50;

/** What eSIM Go sells, and by which networks. */
export function catalogueOf({ send, ofThisAccount, getBalance }: EsimGoApi) {
  return {
    async *listBundles(from = '1') {
      // The catalogue names no currency; prices are in the organisation's.
      const { currency } = await getBalance();
      const seen = new Set<string>();
      let lines = 0;
      for (let page = Number(from); ; page += 1) {
        const answer = await send({
          act: `read catalogue page ${String(page)}`,
          path: '/catalogue',
          query: [
            ['page', String(page)],
            ['perPage', String(PAGE_SIZE)],
          ],
          schema: wire.catalogue((row) => map.toLine(row, currency)).transform(map.toPage),
        });
        // The page size asked for is not always kept, so a short page proves nothing: only a page that brings
        // nothing new, or the announced number of rows, ends the listing.
        const isFresh = ({ code }: { code: string | null }) => code === null || !seen.has(code);
        const bundles = answer.bundles.filter(isFresh);
        const leftOut = answer.leftOut.filter(isFresh);
        const codes = [...bundles, ...leftOut].flatMap(({ code }) => code ?? []);
        if (codes.length === 0) return;
        for (const code of codes) seen.add(code);
        lines += answer.lines;
        yield { ...answer, bundles, leftOut, next: String(page + 1) };
        if (answer.total !== null && lines >= answer.total) return;
      }
    },

    async getBundle(code) {
      const { currency } = await getBalance();
      const row = await orNull(
        ofThisAccount(
          send({
            act: 'read bundle',
            path: `/catalogue/bundle/${encodeURIComponent(code)}`,
            schema: wire.OneBundle,
            more: { reference: code },
          }),
        ),
      );
      return row && map.toBundle(row, currency);
    },

    async listNetworks(countries) {
      const networks: ProviderNetwork[] = [];
      for (let at = 0; at < countries.length; at += COUNTRIES_AT_ONCE) {
        const asked = countries.slice(at, at + COUNTRIES_AT_ONCE);
        const rows = await send({
          act: 'read networks',
          path: '/networks',
          query: [['isos', asked.join(',')]],
          schema: wire.Networks,
        });
        networks.push(...map.toNetworks(rows, asked));
      }
      return networks;
    },
  } satisfies Partial<SellingProvider>;
}

/** The same, with 2.5 of the API. */
export function laterCatalogueOf({ send, ofThisAccount }: EsimGoApi) {
  return {
    listConsumptionPrices: () =>
      // A 403 says "bad key" and "no consumption partner" alike.
      ofThisAccount(
        send({
          act: 'list prices',
          path: '/catalogue/prices',
          schema: wire.ConsumptionPrices.transform(map.toConsumptionPrices),
        }),
      ),
  } satisfies Partial<SellingProvider>;
}
