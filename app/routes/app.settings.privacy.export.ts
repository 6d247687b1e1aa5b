import type { LoaderFunctionArgs } from '@remix-run/node';
import { customerFile } from '../compliance/customer-file.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { notFound } from '../ui/edge.server.ts';

/** What is kept about the customer of a data request, as a file that the merchant sends them. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const requestId = new URL(request.url).searchParams.get('request') ?? '';
  const file = await customerFile(shop, { requestId, by: staff });
  if (!file) throw notFound();
  return new Response(JSON.stringify(file, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="customer-data.json"',
      'cache-control': 'no-store',
    },
  });
}
