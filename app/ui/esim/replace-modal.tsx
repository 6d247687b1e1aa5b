import { List, Text } from '@shopify/polaris';
import { DeedModal } from './deed-modal.tsx';
import { useDeed } from './use-deed.ts';

/** Gives the traveller another eSIM instead of this one. */
export function ReplaceModal({
  esimId,
  orderName,
  cost,
}: {
  esimId: string;
  orderName: string;
  cost: string | null;
}) {
  const deed = useDeed(esimId, 'replace');
  return (
    <DeedModal
      deed={deed}
      label="Replace eSIM"
      isCritical
      title="Give another eSIM instead?"
      confirm="Replace eSIM"
      onConfirm={deed.send}
    >
      <Text as="p">This is for an eSIM that cannot be installed or does not work. In this order:</Text>
      <List type="number">
        <List.Item>
          The supplier takes back what it pays for: its price comes back to your balance or your stock, and
          the old code stops working. What is in use stays with the old eSIM, and nothing comes back for it.
        </List.Item>
        <List.Item>
          Another eSIM of the same bundle is bought
          {cost === null ? '' : `, for ${cost} from your balance by the last import of the catalogue`}.
        </List.Item>
        <List.Item>Its code is e-mailed to the buyer, and stands on the page of order {orderName}.</List.Item>
      </List>
      <Text as="p">This cannot be undone.</Text>
    </DeedModal>
  );
}
