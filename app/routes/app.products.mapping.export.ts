import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportMappings, mappingTemplate } from '../products/export-mappings.server.ts';
import { requireShop } from '../shopify/auth.server.ts';

/** The shop's mappings as a file; with `?template` the empty form of it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const isTemplate = new URL(request.url).searchParams.has('template');
  const text = isTemplate ? mappingTemplate() : await exportMappings(shop);
  return new Response(text, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${isTemplate ? 'mapping-template' : 'mapped-variants'}.csv"`,
      'Cache-Control': 'no-store',
    },
  });
}
