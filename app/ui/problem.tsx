import { isRouteErrorResponse, useRevalidator } from '@remix-run/react';
import { Banner, BlockStack, Box, Button, Card, InlineStack, List, Page, Text } from '@shopify/polaris';
import { AlertCircleIcon } from '@shopify/polaris-icons';
import { Empty } from './empty.tsx';
import { Inset } from './inset.tsx';
import { problemText, type ProblemSide, type ProblemText } from './problem-words.ts';

export { problemText, type ProblemSide, type ProblemText };

/** The body of a response thrown by `problemResponse` (ui/edge.server.ts). */
export interface ProblemBody {
  side: ProblemSide;
  kind: string;
  messages: string[];
}

/** A failure inside a page: red, in place, until the next try. `messages` are the other side's own sentences. */
export function ProblemBanner({ problem, messages = [] }: { problem: ProblemText; messages?: string[] }) {
  return (
    <Banner tone="critical" title={problem.title}>
      <BlockStack gap="200">
        {messages.length > 0 && (
          <List>
            {messages.map((message) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        )}
        <Text as="p">{problem.whatNext}</Text>
      </BlockStack>
    </Banner>
  );
}

/** The face of a page that cannot be shown: not there, not allowed, or another computer failed us. */
export function ProblemPage({ error }: { error: unknown }) {
  if (!isRouteErrorResponse(error)) return <FailedPage problem={problemText('')} messages={[]} />;
  if (isProblemBody(error.data)) {
    return (
      <FailedPage problem={problemText(error.data.kind, error.data.side)} messages={error.data.messages} />
    );
  }
  if (error.status === 404) {
    return (
      <Plain
        title="Page not found"
        text="It may have been removed, or it belongs to another shop. Check the address, or start from the home page."
      />
    );
  }
  if (error.status === 400 || error.status === 422) {
    return (
      <Plain
        title="This could not be done"
        text="The page may be out of date. Go back, load it again, and try once more."
      />
    );
  }
  if (error.status === 401 || error.status === 403) {
    return (
      <Plain
        title="You cannot see this page"
        text="Close the app and open it again from your Shopify admin."
      />
    );
  }
  return <FailedPage problem={problemText('')} messages={[]} />;
}

function Plain({ title, text }: { title: string; text: string }) {
  return (
    <Page>
      <Card>
        <Empty
          icon={AlertCircleIcon}
          title={title}
          text={text}
          action={<Button url="/app">Go to the home page</Button>}
        />
      </Card>
    </Page>
  );
}

function FailedPage({ problem, messages }: { problem: ProblemText; messages: string[] }) {
  // Not a reload of the document: its address may lack what Shopify needs to sign the frame in again.
  const { revalidate, state } = useRevalidator();
  return (
    <Page>
      <Box paddingBlockStart="400">
        <BlockStack gap="400">
          <ProblemBanner problem={problem} messages={messages} />
          <Inset>
            <InlineStack gap="200">
              <Button variant="primary" loading={state === 'loading'} onClick={revalidate}>
                Try again
              </Button>
              <Button url="/app">Go to the home page</Button>
            </InlineStack>
          </Inset>
        </BlockStack>
      </Box>
    </Page>
  );
}

function isProblemBody(data: unknown): data is ProblemBody {
  return typeof data === 'object' && data !== null && 'side' in data && 'kind' in data && 'messages' in data;
}
