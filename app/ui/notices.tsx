import { Banner, Box, Text } from '@shopify/polaris';
import { useRemembered } from './remembered.ts';

/** What concerns every page. At most one banner, and the page's title stands between it and the page's own. */
export function Notices({ onEmbeddedDatabase }: { onEmbeddedDatabase: boolean }) {
  const [isDismissed, dismiss] = useRemembered('embedded-database-seen', {
    lasts: 'visit',
    beforeKnown: false,
  });
  if (!onEmbeddedDatabase || isDismissed) return null;
  return (
    <Box padding="400" paddingBlockEnd="0">
      <div style={{ maxWidth: '59.375rem', marginInline: 'auto' }}>
        <Banner tone="warning" title="For trying out only" onDismiss={dismiss}>
          <Text as="p">
            The app keeps its data in an embedded database. Ask whoever runs this server to set DATABASE_URL
            before you sell for real money.
          </Text>
        </Banner>
      </div>
    </Box>
  );
}
