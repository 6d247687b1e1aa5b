import { Text } from '@shopify/polaris';
import { DeedModal } from './deed-modal.tsx';
import { useDeed } from './use-deed.ts';

/** Makes the eSIM register anew with its network: what support tries first. */
export function RefreshModal({ esimId }: { esimId: string }) {
  const deed = useDeed(esimId, 'refresh');
  return (
    <DeedModal
      deed={deed}
      label="Refresh connection"
      title="Refresh the connection?"
      confirm="Refresh connection"
      onConfirm={deed.send}
    >
      <Text as="p">
        The eSIM leaves its network and registers anew, which helps a phone that is stuck. A traveller who is
        online is offline for a moment. Nothing is used up, and nothing costs anything.
      </Text>
    </DeedModal>
  );
}
