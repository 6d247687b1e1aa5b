import { Outlet, useLocation, useNavigation } from '@remix-run/react';
import { Card, SkeletonBodyText, SkeletonDisplayText, SkeletonPage, BlockStack } from '@shopify/polaris';

/** The page, or its grey outline while another page is being read. */
export function PageOutlet() {
  const { pathname } = useLocation();
  const { state, location } = useNavigation();
  // A filter or the next page of a list keeps the page: its table shows that it is reading.
  const isLeaving = state === 'loading' && location.pathname !== pathname;
  return isLeaving ? <PageSkeleton /> : <Outlet />;
}

function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading the page">
      <SkeletonPage primaryAction>
        <BlockStack gap="400">
          {[4, 6].map((lines) => (
            <Card key={lines}>
              <BlockStack gap="400">
                <SkeletonDisplayText size="small" />
                <SkeletonBodyText lines={lines} />
              </BlockStack>
            </Card>
          ))}
        </BlockStack>
      </SkeletonPage>
    </div>
  );
}
