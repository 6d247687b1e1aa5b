import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  Collapsible,
  Icon,
  InlineStack,
  ProgressBar,
  Text,
} from '@shopify/polaris';
import { CheckCircleIcon, ChevronDownIcon, ChevronUpIcon, XIcon } from '@shopify/polaris-icons';
import { useState, type ReactNode } from 'react';

export interface SetupStep {
  id: string;
  title: string;
  text: string;
  isDone: boolean;
  action: ReactNode;
}

/** The steps to the first sale, the next open one unfolded. It can be folded away, and dismissed when all is done. */
export function SetupGuide({ steps, onDismiss }: { steps: SetupStep[]; onDismiss: () => void }) {
  const [isOpen, setOpen] = useState(true);
  const next = steps.find(({ isDone }) => !isDone)?.id ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const unfolded = chosen ?? next;
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" wrap={false}>
          <Text as="h2" variant="headingMd">
            {next === null ? 'You are ready to sell eSIMs' : 'Set up your eSIM shop'}
          </Text>
          <InlineStack gap="100" wrap={false}>
            <Button
              variant="tertiary"
              icon={isOpen ? ChevronUpIcon : ChevronDownIcon}
              accessibilityLabel={isOpen ? 'Fold the set-up steps' : 'Unfold the set-up steps'}
              onClick={() => {
                setOpen(!isOpen);
              }}
            />
            {next === null && (
              <Button
                variant="tertiary"
                icon={XIcon}
                accessibilityLabel="Dismiss the set-up steps"
                onClick={onDismiss}
              />
            )}
          </InlineStack>
        </InlineStack>
        <InlineStack gap="300" blockAlign="center" wrap={false}>
          <Box minWidth="fit-content">
            <Text as="span" tone="subdued">{`${String(done)} of ${String(steps.length)} steps done`}</Text>
          </Box>
          <Box width="100%" maxWidth="10rem">
            <ProgressBar
              progress={(done / steps.length) * 100}
              size="small"
              tone="primary"
              ariaLabelledBy="set-up-progress"
            />
          </Box>
          <span id="set-up-progress" hidden>
            Set-up progress
          </span>
        </InlineStack>
        <Collapsible id="set-up-steps" open={isOpen}>
          <BlockStack gap="100">
            {steps.map((step) => (
              <Step
                key={step.id}
                step={step}
                isUnfolded={unfolded === step.id}
                onUnfold={() => {
                  setChosen(step.id);
                }}
              />
            ))}
          </BlockStack>
        </Collapsible>
      </BlockStack>
    </Card>
  );
}

function Step({
  step,
  isUnfolded,
  onUnfold,
}: {
  step: SetupStep;
  isUnfolded: boolean;
  onUnfold: () => void;
}) {
  const id = `set-up-${step.id}`;
  return (
    <Box background={isUnfolded ? 'bg-surface-active' : 'bg-surface'} borderRadius="200" padding="200">
      <InlineStack gap="200" wrap={false} blockAlign="start">
        <div>
          {step.isDone ? (
            <Icon source={CheckCircleIcon} tone="success" accessibilityLabel="Done" />
          ) : (
            <OpenRing />
          )}
        </div>
        <Box width="100%">
          <BlockStack>
            {isUnfolded ? (
              <Text as="h3" variant="headingSm">
                {step.title}
              </Text>
            ) : (
              <InlineStack gap="200" blockAlign="center">
                <Button
                  variant="monochromePlain"
                  textAlign="start"
                  onClick={onUnfold}
                  ariaExpanded={false}
                  ariaControls={id}
                >
                  {step.title}
                </Button>
                {step.isDone && <Badge tone="success">Done</Badge>}
              </InlineStack>
            )}
            <Collapsible id={id} open={isUnfolded}>
              <Box paddingBlockStart="200">
                <BlockStack gap="300">
                  <Text as="p">{step.text}</Text>
                  <InlineStack gap="200">{step.action}</InlineStack>
                </BlockStack>
              </Box>
            </Collapsible>
          </BlockStack>
        </Box>
      </InlineStack>
    </Box>
  );
}

function OpenRing() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" role="img" aria-label="To do">
      <circle
        cx="10"
        cy="10"
        r="7.25"
        fill="none"
        stroke="var(--p-color-icon-secondary)"
        strokeWidth="1.5"
        strokeDasharray="3 3"
      />
    </svg>
  );
}
