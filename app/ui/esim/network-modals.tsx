import { Text } from '@shopify/polaris';
import { DeedModal } from './deed-modal.tsx';
import { useDeed } from './use-deed.ts';

/** Keeps the eSIM off every network, as for one that was lost or is misused. */
export function SuspendModal({ esimId }: { esimId: string }) {
  const deed = useDeed(esimId, 'suspend');
  return (
    <DeedModal
      deed={deed}
      label="Suspend"
      isCritical
      title="Keep this eSIM off the networks?"
      confirm="Suspend"
      onConfirm={deed.send}
    >
      <Text as="p">
        A traveller who is online is cut off, and stays so until you let the eSIM back. Its bundles stay, and
        their time goes on. Nothing costs anything.
      </Text>
    </DeedModal>
  );
}

/** Lets an eSIM that was suspended use its networks again. */
export function UnsuspendModal({ esimId }: { esimId: string }) {
  const deed = useDeed(esimId, 'unsuspend');
  return (
    <DeedModal
      deed={deed}
      label="End suspension"
      title="Let this eSIM back on the networks?"
      confirm="End suspension"
      onConfirm={deed.send}
    >
      <Text as="p">The traveller can be online again, with whatever is left on the eSIM.</Text>
    </DeedModal>
  );
}

/** Takes an eSIM that was sold elsewhere out of the supplier account. */
export function RemoveModal({ esimId }: { esimId: string }) {
  const deed = useDeed(esimId, 'remove');
  return (
    <DeedModal
      deed={deed}
      label="Remove for good"
      isCritical
      title="Remove this eSIM from the supplier account?"
      confirm="Remove for good"
      onConfirm={deed.send}
    >
      <Text as="p">
        The supplier deletes the eSIM with all that is on it. The traveller is cut off, its code stops
        working, and nothing comes back. This cannot be undone.
      </Text>
    </DeedModal>
  );
}
