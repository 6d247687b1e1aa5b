import { Banner, Box, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';

const SEEN = 'embedded-database-seen';

/** What concerns every page. At most one banner, and the page's title stands between it and the page's own. */
export function Notices({ onEmbeddedDatabase }: { onEmbeddedDatabase: boolean }) {
  const [isShown, setShown] = useState(onEmbeddedDatabase);
  useEffect(() => {
    // For the rest of this visit; the next one is told again.
    if (sessionStorage.getItem(SEEN) !== null) setShown(false);
  }, []);
  if (!isShown) return null;
  return (
    <Box padding="400" paddingBlockEnd="0">
      <div style={{ maxWidth: '59.375rem', marginInline: 'auto' }}>
        <Banner
          tone="warning"
          title="For trying out only"
          onDismiss={() => {
            sessionStorage.setItem(SEEN, 'yes');
            setShown(false);
          }}
        >
          <Text as="p">
            The app keeps its data in an embedded database. Ask whoever runs this server to set DATABASE_URL
            before you sell for real money.
          </Text>
        </Banner>
      </div>
    </Box>
  );
}
