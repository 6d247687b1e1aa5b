import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { deviceOf } from './device.ts';
import type { Esim, InstallCode } from './order-esims.ts';
import type { Page } from './page.ts';
import { describePlan } from './plan.ts';

/** One eSIM: which one it is, what it holds, and every way to install it. */
export function EsimCard({ esim, page, folded }: { esim: Esim; page: Page; folded: boolean }): VNode {
  const title = page.translate('card.title', { index: esim.index, total: esim.of });
  const plan = describePlan(esim, page);
  if (folded) {
    return (
      <s-details>
        <s-summary>{`${title} · ${plan}`}</s-summary>
        <Body esim={esim} page={page} />
      </s-details>
    );
  }
  return (
    <s-section heading={title}>
      <s-stack gap="base">
        <s-text type="strong">{plan}</s-text>
        <Body esim={esim} page={page} />
      </s-stack>
    </s-section>
  );
}

function Body({ esim, page }: { esim: Esim; page: Page }): VNode {
  if (esim.state === 'ready') return <Install esim={esim} code={esim.code} page={page} />;
  return <s-text>{page.translate(`card.${esim.state}`)}</s-text>;
}

function Install({ esim, code, page }: { esim: Esim; code: InstallCode; page: Page }): VNode {
  const { translate } = page;
  const named = { index: esim.index, total: esim.of };
  const hasLinks = code.appleInstallUrl !== null || code.androidInstallUrl !== null;
  // On the phone itself the code cannot be scanned, so the one-tap links come first there.
  const linksFirst = hasLinks && deviceOf(globalThis.navigator.userAgent) !== 'unknown';
  const links = <OneTapLinks esim={esim} code={code} page={page} />;
  return (
    <s-stack gap="base">
      {linksFirst ? links : null}
      <s-text>{translate(linksFirst ? 'card.scanElsewhere' : 'card.scan')}</s-text>
      <s-qr-code content={code.activationCode} accessibilityLabel={translate('card.qr', named)} />
      {linksFirst ? null : links}
      <s-details>
        <s-summary>{translate('steps.heading')}</s-summary>
        <s-ordered-list>
          <s-list-item>{translate('steps.first')}</s-list-item>
          <s-list-item>{translate('steps.second')}</s-list-item>
          <s-list-item>{translate('steps.third')}</s-list-item>
        </s-ordered-list>
      </s-details>
      <s-details>
        <s-summary>{translate('manual.heading')}</s-summary>
        <s-stack gap="base">
          <Copyable
            id={`${esim.id}-address`}
            name="address"
            text={code.smdpAddress}
            esim={esim}
            page={page}
          />
          <Copyable id={`${esim.id}-code`} name="code" text={code.matchingId} esim={esim} page={page} />
          <Copyable id={`${esim.id}-whole`} name="whole" text={code.activationCode} esim={esim} page={page} />
        </s-stack>
      </s-details>
    </s-stack>
  );
}

function OneTapLinks({ esim, code, page }: { esim: Esim; code: InstallCode; page: Page }): VNode {
  const device = deviceOf(globalThis.navigator.userAgent);
  const links = [
    { maker: 'apple' as const, url: code.appleInstallUrl },
    { maker: 'android' as const, url: code.androidInstallUrl },
  ];
  if (device === 'android') links.reverse();
  const named = { index: esim.index, total: esim.of };
  return (
    <s-stack direction="inline" gap="base">
      {links.map(({ maker, url }) =>
        url === null ? null : (
          <s-button
            key={maker}
            href={url}
            target="_blank"
            variant={maker === device ? 'primary' : 'secondary'}
            accessibilityLabel={page.translate(`install.${maker}Label`, named)}
          >
            {page.translate(`install.${maker}`)}
          </s-button>
        ),
      )}
    </s-stack>
  );
}

interface CopyableProps {
  id: string;
  name: 'address' | 'code' | 'whole';
  text: string;
  esim: Esim;
  page: Page;
}

function Copyable({ id, name, text, esim, page }: CopyableProps): VNode {
  const { translate } = page;
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => {
      setCopied(false);
    }, 3_000);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const label = translate(`manual.${name}`);
  return (
    <s-stack gap="small">
      <s-text type="small">{label}</s-text>
      <s-text>{text}</s-text>
      <s-button
        command="--copy"
        commandFor={id}
        accessibilityLabel={translate('manual.copyLabel', { label, index: esim.index, total: esim.of })}
      >
        {translate(copied ? 'manual.copied' : 'manual.copy')}
      </s-button>
      <s-clipboard-item
        id={id}
        text={text}
        onCopy={() => {
          setCopied(true);
        }}
      />
    </s-stack>
  );
}
