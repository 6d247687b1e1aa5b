import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { EsimCard } from './esim-card.tsx';
import { readOrderEsims } from './order-esims.ts';
import type { Esim } from './order-esims.ts';
import type { Page } from './page.ts';
import { watchOrder } from './watch-order.ts';
import type { Face } from './watch-order.ts';

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
      const someReady = face.esims.some((esim) => esim.state === 'ready');
      return (
        <s-section heading={translate('preparing.heading', { count })}>
          <s-stack gap="base">
            <s-stack direction="inline" gap="base" alignItems="center" accessibilityRole="status">
              {face.late ? null : <s-spinner accessibilityLabel={translate('preparing.spinner')} />}
              <s-text>{translate(face.late ? 'preparing.late' : 'preparing.body', { count })}</s-text>
            </s-stack>
            {face.late ? <s-button onClick={askAgain}>{translate('again')}</s-button> : null}
            {someReady ? <Cards esims={face.esims} page={page} /> : null}
          </s-stack>
        </s-section>
      );
    }
    case 'ready':
      return (
        <s-section heading={translate('ready.heading', { count: face.esims.length })}>
          <s-stack gap="base">
            <s-text>{translate('ready.body')}</s-text>
            <Cards esims={face.esims} page={page} />
          </s-stack>
        </s-section>
      );
    case 'problem':
      return (
        <Notice heading={translate('problem.heading')} body={translate('problem.body')} tone="info">
          <Cards esims={face.esims} page={page} />
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
          <Cards esims={face.esims} page={page} />
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

function Cards({ esims, page }: { esims: Esim[]; page: Page }): VNode {
  const folded = esims.length > page.foldAbove;
  return (
    <>
      {esims.map((esim) => (
        <EsimCard key={esim.id} esim={esim} page={page} folded={folded} />
      ))}
    </>
  );
}
