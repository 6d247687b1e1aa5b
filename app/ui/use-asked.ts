import { useLocation, useNavigate, useNavigation } from '@remix-run/react';
import { useCallback } from 'react';

/** How the address of a list page is read and written. */
export interface AskedAddress<Query> {
  read: (parameters: URLSearchParams) => Query;
  write: (query: Query) => URLSearchParams;
  fromItsBeginning: (query: Query) => Query;
}

/**
 * What a list page was asked for last, though the answer may still be on its way: a tick is seen at once, and a second change
 * does not forget the first. Another question starts at its first page.
 */
export function useAsked<Query extends { after: string | null; before: string | null }>({
  read,
  write,
  fromItsBeginning,
}: AskedAddress<Query>) {
  const here = useLocation();
  const { location } = useNavigation();
  const navigate = useNavigate();
  const { search } = location?.pathname === here.pathname ? location : here;
  const parameters = new URLSearchParams(search);
  const query = read(parameters);
  const viewId = parameters.get('view');
  const show = useCallback(
    (asked: Query, view: string | null, isTurn = false) => {
      const address = write(asked);
      if (view !== null) address.set('view', view);
      navigate(`?${address.toString()}`, { replace: true, preventScrollReset: !isTurn });
    },
    [navigate, write],
  );
  const change = (parts: Partial<Query>) => {
    const isTurn = 'after' in parts || 'before' in parts;
    show({ ...fromItsBeginning(query), ...parts }, viewId, isTurn);
  };
  return { query, viewId, change, show };
}
