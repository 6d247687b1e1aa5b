import { Banner, BlockStack, Box, Button, Form, Modal } from '@shopify/polaris';
import type { ReactNode } from 'react';
import type { DeedState } from './use-deed.ts';

interface Props {
  deed: DeedState;
  /** The button on the page. */
  label: string;
  /** What a screen reader needs besides, where several buttons are called alike. */
  accessibilityLabel?: string;
  /** The question, and the verb that answers it with yes. */
  title: string;
  confirm: string;
  isCritical?: boolean;
  /** Whether a yes can be given now. */
  isReady?: boolean;
  onOpen?: () => void;
  onConfirm: () => void;
  /** What follows from a yes. */
  children: ReactNode;
}

/** A button with the question it asks first; what is refused is said there, and the question stays. */
export function DeedModal({
  deed,
  label,
  accessibilityLabel,
  title,
  confirm,
  isCritical = false,
  isReady = true,
  onOpen,
  onConfirm,
  children,
}: Props) {
  const { isOpen, isBusy, refusal, waiting, open, close } = deed;
  const send = () => {
    if (isReady && waiting === null) onConfirm();
  };
  return (
    <Modal
      open={isOpen}
      onClose={close}
      title={title}
      activator={
        // A tag of its own: the modal gives the focus back to it.
        <Button
          {...(isCritical && { tone: 'critical' as const })}
          {...(accessibilityLabel !== undefined && { accessibilityLabel })}
          loading={isBusy && !isOpen}
          onClick={() => {
            open();
            onOpen?.();
          }}
        >
          {label}
        </Button>
      }
      {...(waiting === null && {
        primaryAction: {
          ...{ content: confirm, destructive: isCritical, loading: isBusy, disabled: !isReady },
          onAction: send,
        },
      })}
      secondaryActions={[{ content: waiting === null ? 'Cancel' : 'Close', onAction: close }]}
    >
      <Modal.Section>
        <Form onSubmit={send}>
          <BlockStack gap="300">
            {children}
            {refusal && (
              <Box aria-live="assertive">
                <Banner tone="critical">{refusal.sentence}</Banner>
              </Box>
            )}
            {waiting !== null && (
              <Box aria-live="assertive">
                <Banner tone="warning">{waiting}</Banner>
              </Box>
            )}
          </BlockStack>
        </Form>
      </Modal.Section>
    </Modal>
  );
}
