import { BlockStack, Card, InlineStack, Link, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** The traveller's phone, as far as the supplier tells. */
export function PhoneCard({
  profile,
  installed,
  firstUse,
  network,
}: {
  profile: string;
  installed: string | null;
  firstUse: string | null;
  network: { name: string; country: string | null; seen: string | null } | null;
}) {
  return (
    <Facts
      title="Phone"
      facts={[
        ['Profile', profile],
        ['First installed', installed ?? 'Not yet'],
        ['First use', firstUse ?? 'Not yet'],
        ['Last network', network ? network.name : 'None yet'],
        ['Country', network?.country ?? null],
        ['Last seen', network?.seen ?? null],
      ]}
    />
  );
}

/** Who bought it, and what it earned. */
export function OrderCard({
  order,
  buyer,
  takings,
  former,
  replacedById,
}: {
  order: { id: string; name: string } | null;
  buyer: { name: string | null; maskedEmail: string | null } | null;
  takings: { paid: string | null; cost: string | null; margin: string | null };
  former: { id: string; iccidLast4: string } | null;
  replacedById: string | null;
}) {
  return (
    <Facts
      title="Order"
      facts={[
        [
          'Order',
          order ? <Link url={`/app/orders/${order.id}`}>{order.name}</Link> : 'None: added by its ICCID',
        ],
        ['Customer', buyer?.name ?? null],
        ['E-mail', buyer?.maskedEmail ?? null],
        ['Paid by the buyer', takings.paid],
        ['Paid to the supplier', takings.cost],
        ['Left for you', takings.margin],
        [
          'Replaces',
          former && <Link url={`/app/esims/${former.id}`}>{`the eSIM …${former.iccidLast4}`}</Link>,
        ],
        [
          'Replaced by',
          replacedById === null ? null : <Link url={`/app/esims/${replacedById}`}>another eSIM</Link>,
        ],
      ]}
    />
  );
}

export function SupplierCard({
  label,
  reference,
  bought,
  customerRef,
}: {
  label: string;
  reference: string | null;
  bought: string;
  customerRef: string | null;
}) {
  return (
    <Facts
      title="Supplier"
      facts={[
        ['Account', label],
        ['Bought', bought],
        ['Order reference', reference],
        ['Customer reference', customerRef],
      ]}
    />
  );
}

/** Lines of a name and what it is; what is null is left out. */
function Facts({ title, facts }: { title: string; facts: [string, ReactNode][] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {facts.map(([label, value]) =>
          value === null ? null : (
            <InlineStack key={label} align="space-between" gap="200">
              <Text as="span" tone="subdued">
                {label}
              </Text>
              <span style={{ overflowWrap: 'anywhere' }}>{value}</span>
            </InlineStack>
          ),
        )}
      </BlockStack>
    </Card>
  );
}
