import { redirect, type LoaderFunctionArgs } from '@remix-run/node';

/** Shopify may open the bare address; what it puts into the query signs the merchant in. */
export function loader({ request }: LoaderFunctionArgs) {
  return redirect(`/app${new URL(request.url).search}`);
}
