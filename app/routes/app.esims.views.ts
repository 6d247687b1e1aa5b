import type { ActionFunctionArgs } from '@remix-run/node';
import { fromItsBeginning, readEsimQuery, writeEsimQuery } from '../desk/esim-query.ts';
import { keepView } from '../ui/keep-view.server.ts';

/** The saved views of the list of eSIMs: its tabs. */
export function action({ request }: ActionFunctionArgs) {
  return keepView(request, { name: 'esims', tidy }, '/app/esims');
}

const tidy = (query: string) =>
  writeEsimQuery(fromItsBeginning(readEsimQuery(new URLSearchParams(query)))).toString();
