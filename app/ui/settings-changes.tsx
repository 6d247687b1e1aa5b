import { BlockStack, Card, Text } from '@shopify/polaris';
import type { SettingsChange } from '../settings/changes.server.ts';
import type { Display } from './display.ts';
import { changeText } from './settings-change-words.ts';
import { SettingsSection } from './settings-section.tsx';

/** What `SettingsChanges` shows. `labels` are of the accounts, by id. */
export function changesView(changes: SettingsChange[], show: Display, labels?: Map<string, string>) {
  return changes.map(({ id, by, at, fields }) => ({
    id,
    who: `${show.moment(at)}, by ${by}`,
    what: fields.map((change) => changeText(change, labels)),
  }));
}

/** Who changed what on a page of settings; nothing while nobody did. */
export function SettingsChanges({ changes }: { changes: ReturnType<typeof changesView> }) {
  return (
    changes.length > 0 && (
      <SettingsSection title="Last changes" description="Who changed what on this page, the newest first.">
        <Card>
          <BlockStack gap="300">
            {changes.map(({ id, who, what }) => (
              <BlockStack key={id} gap="050">
                <Text as="span" tone="subdued">
                  {who}
                </Text>
                {what.map((text) => (
                  <Text key={text} as="span">
                    {text}
                  </Text>
                ))}
              </BlockStack>
            ))}
          </BlockStack>
        </Card>
      </SettingsSection>
    )
  );
}
