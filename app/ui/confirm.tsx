import { Modal, TitleBar } from '@shopify/app-bridge-react';
import { Box, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

interface Question {
  open: boolean;
  /** The question, and the verb that answers it with yes. */
  title: string;
  confirm: string;
  /** What answers it with no, where "Cancel" might be taken for a yes. */
  keep?: string;
  tone?: 'critical';
  onConfirm: () => void;
  onCancel: () => void;
  /** What follows from a yes. */
  children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function ConfirmModal({
  open,
  title,
  confirm,
  keep = 'Cancel',
  tone,
  onConfirm,
  onCancel,
  children,
}: Question) {
  return (
    <Modal open={open} onHide={onCancel}>
      <Box padding="400">
        <Text as="p">{children}</Text>
      </Box>
      <TitleBar title={title}>
        {/* App Bridge reads its own attributes from plain buttons. */}
        <button {...{ variant: 'primary', tone: tone ?? 'default' }} onClick={onConfirm}>
          {confirm}
        </button>
        <button onClick={onCancel}>{keep}</button>
      </TitleBar>
    </Modal>
  );
}
