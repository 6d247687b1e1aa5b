import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, BlockStack, Layout, Page } from '@shopify/polaris';
import { ExternalIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { resendOrder } from '../delivery/resend.server.ts';
import { cancelAndRefund, retryRefund } from '../desk/cancel-and-refund.server.ts';
import { showEmail } from '../orders/email.server.ts';
import { findOrder } from '../orders/queries.server.ts';
import { retryUnit } from '../orders/release.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { useLiveWhile } from '../ui/live.ts';
import type { OrderAnswer } from '../ui/order/answer.ts';
import { Buyer } from '../ui/order/buyer.tsx';
import { Delivery } from '../ui/order/delivery.tsx';
import { Disputes } from '../ui/order/disputes.tsx';
import { Refunds } from '../ui/order/refunds.tsx';
import { OwnOrOther, whyNotResent } from '../ui/order/resend-words.ts';
import { Takings } from '../ui/order/takings.tsx';
import { Timeline } from '../ui/order/timeline.tsx';
import { Units } from '../ui/order/units.tsx';
import { orderView } from '../ui/order/view.ts';
import { OrderStateBadge } from '../ui/state-badge.tsx';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'Order' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const order = await findOrder(shop, params['orderId'] ?? '');
  if (!order) throw notFound();
  return json(orderView(order, displayFor({ locale, timezone: shop.timezone }), currentTime()));
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('show-email') }),
  z.object({ intent: z.literal('retry'), unitId: z.string(), since: z.iso.datetime().optional() }),
  z.object({
    intent: z.literal('refund'),
    // Made by the page when it asks: the same press twice is one refund.
    refundId: z.uuid(),
    // Made from what they stand for (orders/unit-id.server.ts): no version of a UUID.
    unit: listOf(z.guid()),
    anyway: z.literal(['on', '']),
    notify: z.literal(['on', '']),
  }),
  z.object({ intent: z.literal('retry-refund'), refundId: z.uuid() }),
  z.object({
    intent: z.literal('resend'),
    // As that of a refund.
    pressId: z.uuid(),
    email: OwnOrOther,
  }),
]);

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const order = await findOrder(shop, params['orderId'] ?? '');
  if (!order) throw notFound();
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid')
    return refused(Object.values(form.fields)[0] ?? 'This is not a form of this page.');
  const { input } = form;
  switch (input.intent) {
    case 'show-email':
      return json<OrderAnswer>({
        status: 'shown',
        email: await showEmail(shop, { orderId: order.id, by: staff }),
      });
    case 'retry': {
      if (!order.units.some(({ id }) => id === input.unitId)) throw notFound();
      const { unitId, since } = input;
      const seen = since === undefined ? {} : { since };
      if (await retryUnit(shop, unitId, { ...seen, by: staff })) return done('The eSIM is being bought');
      return refused(
        'It cannot be bought yet: link its variant to a bundle first. If it is no longer on hold, load the page again.',
      );
    }
    case 'refund': {
      const { refundId, unit: unitIds, anyway, notify } = input;
      if (unitIds.some((unitId) => !order.units.some(({ id }) => id === unitId))) throw notFound();
      const outcome = await cancelAndRefund(shop, {
        ...{ refundId, orderId: order.id, unitIds, by: staff },
        ...{ anyway: anyway === 'on', notify: notify === 'on' },
      });
      return outcome === 'begun'
        ? done('The supplier is asked to take it back')
        : refused('Nothing was done: it was cancelled or refunded before. Load the page again.');
    }
    case 'retry-refund':
      return (await retryRefund(shop, { refundId: input.refundId, orderId: order.id }))
        ? done('Shopify is asked again')
        : refused('This refund moved on meanwhile. Load the page again.');
    case 'resend': {
      const outcome = await resendOrder(shop, order.id, {
        ...{ id: input.pressId, by: staff },
        email: input.email === '' ? null : input.email,
      });
      return outcome.status === 'queued'
        ? done('The e-mail is on its way')
        : refused(whyNotResent[outcome.reason]);
    }
    default:
      return input satisfies never;
  }
}

function done(toast: string) {
  return json<OrderAnswer>({ status: 'done', toast });
}

function refused(sentence: string) {
  return json<OrderAnswer>({ status: 'refused', sentence }, 422);
}

export default function OrderPage() {
  const order = useLoaderData<typeof loader>();
  useLiveWhile(order.isMoving);
  return (
    <Page
      title={order.name}
      subtitle={order.placed}
      backAction={{ content: 'Orders', url: '/app/orders' }}
      titleMetadata={
        <>
          <OrderStateBadge state={order.state} /> {order.isTest && <Badge>Test order</Badge>}
        </>
      }
      secondaryActions={[
        {
          content: 'View in Shopify',
          url: order.shopifyUrl,
          target: '_top',
          icon: ExternalIcon,
        },
      ]}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Disputes disputes={order.disputes} />
            <Refunds refunds={order.refunds} />
            <Units units={order.units} isChargedBack={order.isChargedBack} />
            <Timeline events={order.events} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <Buyer maskedEmail={order.maskedEmail} />
            <Delivery
              mail={order.mail}
              fulfilment={order.fulfilment}
              deliveries={order.deliveries}
              hasEmail={order.maskedEmail !== null}
              hasEsims={order.hasEsims}
            />
            <Takings takings={order.takings} purchases={order.purchases} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}
