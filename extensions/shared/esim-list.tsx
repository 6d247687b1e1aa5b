import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { EsimCard } from './esim-card.tsx';
import { readOrderEsims } from './order-esims.ts';
import type { Page } from './page.ts';
import { TopUps } from './top-ups.tsx';
import { watchOrder } from './watch-order.ts';
import type { Bought, Face } from './watch-order.ts';

/** The block on both pages: asks the app, and shows the order's eSIMs or nothing at all. */
export function EsimList({ page }: { page: Page }): VNode | null {
  const [face, setFace] = useState<Face>(page.expectsEsims ? { name: 'checking' } : { name: 'nothing' });
  const [round, setRound] = useState(0);

  useEffect(
    () =>
      watchOrder({
        read: async (signal) => {
          try {
            const identity = await page.identify();
            return identity === null ? { kind: 'unknown' } : await readOrderEsims(identity, signal);
          } catch {
            // Shopify gave no session token: as good as no network.
            return { kind: 'unreachable' };
          }
        },
        onFace: setFace,
        patienceMs: page.patienceMs,
      }),
    [page, round],
  );

  const askAgain = () => {
    setFace(face.name === 'preparing' ? { ...face, late: false } : { name: 'checking' });
    setRound(round + 1);
  };
  return <FaceView face={face} page={page} askAgain={askAgain} />;
}

function FaceView({ face, page, askAgain }: { face: Face; page: Page; askAgain: () => void }): VNode | null {
  const { translate } = page;
  switch (face.name) {
    case 'nothing':
      return null;
    case 'checking':
      return <s-skeleton-paragraph />;
    case 'preparing': {
      const count = Math.max(face.esims.length, 1);
      const someReady = [...face.esims, ...face.topUps].some(({ state }) => state === 'ready');
      const onlyTopUps = isOnlyTopUps(face);
      const heading = onlyTopUps ? translate('topUp.preparing') : translate('preparing.heading', { count });
      const late = onlyTopUps ? translate('topUp.late') : translate('preparing.late', { count });
      return (
        <s-section heading={heading}>
          <s-stack gap="base">
            <s-stack direction="inline" gap="base" alignItems="center" accessibilityRole="status">
              {face.late ? null : <s-spinner accessibilityLabel={translate('preparing.spinner')} />}
              <s-text>{face.late ? late : translate('preparing.body', { count })}</s-text>
            </s-stack>
            {face.late ? <s-button onClick={askAgain}>{translate('again')}</s-button> : null}
            {someReady ? <Cards bought={face} page={page} /> : null}
          </s-stack>
        </s-section>
      );
    }
    case 'ready':
      if (isOnlyTopUps(face)) return <TopUps topUps={face.topUps} page={page} />;
      return (
        <s-section heading={translate('ready.heading', { count: face.esims.length })}>
          <s-stack gap="base">
            <s-text>{translate('ready.body')}</s-text>
            <Cards bought={face} page={page} />
          </s-stack>
        </s-section>
      );
    case 'problem':
      return (
        <Notice heading={translate('problem.heading')} body={translate('problem.body')} tone="info">
          <Cards bought={face} page={page} />
        </Notice>
      );
    case 'unreachable':
      return (
        <Notice
          heading={translate('unreachable.heading')}
          body={translate('unreachable.body')}
          tone="warning"
        >
          <s-button onClick={askAgain}>{translate('again')}</s-button>
          <Cards bought={face} page={page} />
        </Notice>
      );
    default:
      return face satisfies never;
  }
}

function Notice(props: {
  heading: string;
  body: string;
  tone: 'info' | 'warning';
  children: ComponentChildren;
}): VNode {
  return (
    <s-stack gap="base">
      <s-banner heading={props.heading} tone={props.tone}>
        <s-text>{props.body}</s-text>
      </s-banner>
      {props.children}
    </s-stack>
  );
}

function isOnlyTopUps({ esims, topUps }: Bought): boolean {
  return esims.length === 0 && topUps.length > 0;
}

function Cards({ bought: { esims, topUps }, page }: { bought: Bought; page: Page }): VNode {
  const folded = esims.length > page.foldAbove;
  return (
    <>
      {esims.map((esim) => (
        <EsimCard key={esim.id} esim={esim} page={page} folded={folded} />
      ))}
      <TopUps topUps={topUps} page={page} />
    </>
  );
}
