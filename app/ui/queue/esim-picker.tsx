import { useFetcher } from '@remix-run/react';
import { Text } from '@shopify/polaris';
import { useCallback } from 'react';
import { useAskAsTyped } from '../ask-as-typed.ts';
import type { FoundRow } from '../esim/found-view.ts';
import { Picker, type Picking } from './picker.tsx';

interface Props extends Picking {
  unitId: string;
  /** How many pieces of the order wait for an eSIM each. */
  pieces: number;
  /** "$4.50"; null where it is not known. */
  cost: string | null;
}

/** The eSIM that a paid top-up is for: among those of its buyer, or found by typing. */
export function EsimPicker({ unitId, pieces, cost, ...picking }: Props) {
  const { esims, complaint, ...search } = useEsimsToTopUp(unitId);
  const isOfBuyer = search.typed === '';
  const offered =
    esims?.map(({ id, title, facts }) => ({ ...{ id, title, label: title, helpText: facts } })) ?? null;
  return (
    <Picker
      {...picking}
      label="Which eSIM is it for?"
      placeholder="Last 4 digits, order, e-mail or name"
      helpText={isOfBuyer && offered?.length ? 'Below are the eSIMs this buyer has bought.' : null}
      complaint={complaint}
      search={search}
      offered={offered}
      none={
        isOfBuyer
          ? 'This buyer has no other eSIM here. Ask for the last four digits of its ICCID.'
          : 'No eSIM fits. Try its last four digits, or the order it came with.'
      }
      listTitle="eSIMs"
      confirm={(title) => `Top up ${title ?? 'this eSIM'}`}
    >
      <Text as="p" tone="subdued">
        The supplier is asked first whether the bundle goes with the eSIM. Then it takes {cost ?? 'its price'}{' '}
        from your balance, and the buyer gets an e-mail.
        {pieces > 1 && ' This is one piece; for the others you choose again.'}
      </Text>
    </Picker>
  );
}

type Answer = { status: 'found'; esims: FoundRow[] } | { status: 'invalid'; fields: Record<string, string> };

function useEsimsToTopUp(unitId: string) {
  const { submit, data, state } = useFetcher<Answer>();
  const ask = useCallback(
    (typed: string) => {
      submit({ unitId, typed }, { method: 'post', action: '/app/queue/esims' });
    },
    [unitId, submit],
  );
  const [typed, setTyped] = useAskAsTyped(ask);
  return {
    ...{ typed, setTyped, isSearching: state !== 'idle' },
    esims: data?.status === 'found' ? data.esims : null,
    complaint: data?.status === 'invalid' ? (Object.values(data.fields)[0] ?? null) : null,
  };
}
