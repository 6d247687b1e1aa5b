import type { ActionFunctionArgs } from '@remix-run/node';
import { readBundleQuery, withoutPage, writeBundleQuery } from '../catalogue/bundle-query.ts';
import { keepView } from '../ui/keep-view.server.ts';

/** The saved views of the catalogue page: its tabs. */
export function action({ request }: ActionFunctionArgs) {
  return keepView(request, { name: 'catalogue', tidy }, '/app/catalogue');
}

const tidy = (query: string) =>
  writeBundleQuery(withoutPage(readBundleQuery(new URLSearchParams(query)))).toString();
