import type { LoaderFunctionArgs } from '@remix-run/node';
import { readBundleQuery } from '../catalogue/bundle-query.ts';
import { exportBundles } from '../catalogue/export.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';

/** The bundles that the catalogue page finds with the same address, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readBundleQuery(new URL(request.url).searchParams, locale);
  const accountNames = new Map((await listSuppliers(shop)).map(({ id, label }) => [id, label]));
  const lines = exportBundles(shop, query, { locale, accountNames });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      const { value, done } = await lines.next();
      if (done) stream.close();
      else stream.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="catalogue.csv"',
      'cache-control': 'no-store',
    },
  });
}
