import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { thisDevice } from './device.ts';
import type { Esim, InstallCode } from './order-esims.ts';
import type { Page } from './page.ts';
import { describePlan } from './plan.ts';
import { UsageLines } from './usage.tsx';

/** One eSIM: which one it is, what it holds, and every way to install it. */
export function EsimCard({ esim, page, folded }: { esim: Esim; page: Page; folded: boolean }): VNode {
  const title = page.translate('card.title', { index: esim.index, total: esim.of });
  const plan = describePlan(esim, page);
  const body =
    esim.state === 'ready' ? (
      <s-stack gap="base">
        {esim.usage === null ? null : <UsageLines usage={esim.usage} name={title} page={page} />}
        {esim.usage === null || esim.topUpUrl === null ? null : (
          <s-button href={esim.topUpUrl} accessibilityLabel={`${page.translate('usage.topUp')}, ${title}`}>
            {page.translate('usage.topUp')}
          </s-button>
        )}
        <Install id={esim.id} title={title} code={esim.code} page={page} />
      </s-stack>
    ) : (
      <s-text>{page.translate(`card.${esim.state}`)}</s-text>
    );
  if (folded) {
    return (
      <s-details>
        <s-summary>{`${title} · ${plan}`}</s-summary>
        {body}
      </s-details>
    );
  }
  return (
    <s-section heading={title}>
      <s-stack gap="base">
        <s-text type="strong">{plan}</s-text>
        {body}
      </s-stack>
    </s-section>
  );
}

interface InstallProps {
  id: string;
  /** "eSIM 1 of 2": goes into every accessible name, because each eSIM has the same buttons. */
  title: string;
  code: InstallCode;
  page: Page;
}

function Install({ id, title, code, page }: InstallProps): VNode {
  const { translate } = page;
  const hasLinks = code.appleInstallUrl !== null || code.androidInstallUrl !== null;
  // On the phone itself the code cannot be scanned, so the one-tap links come first there.
  const linksFirst = hasLinks && thisDevice() !== 'unknown';
  const links = <OneTapLinks title={title} code={code} page={page} />;
  return (
    <s-stack gap="base">
      {linksFirst ? links : null}
      <s-text>{translate(linksFirst ? 'card.scanElsewhere' : 'card.scan')}</s-text>
      <s-qr-code content={code.activationCode} accessibilityLabel={`${translate('card.qr')}, ${title}`} />
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
            id={`${id}-address`}
            of={title}
            label={translate('manual.address')}
            text={code.smdpAddress}
            page={page}
          />
          <Copyable
            id={`${id}-code`}
            of={title}
            label={translate('manual.code')}
            text={code.matchingId}
            page={page}
          />
          <Copyable
            id={`${id}-whole`}
            of={title}
            label={translate('manual.whole')}
            text={code.activationCode}
            page={page}
          />
        </s-stack>
      </s-details>
    </s-stack>
  );
}

function OneTapLinks({ title, code, page }: { title: string; code: InstallCode; page: Page }): VNode {
  const device = thisDevice();
  const links = [
    { maker: 'apple' as const, url: code.appleInstallUrl },
    { maker: 'android' as const, url: code.androidInstallUrl },
  ];
  if (device === 'android') links.reverse();
  return (
    <s-stack direction="inline" gap="base">
      {links.map(({ maker, url }) =>
        url === null ? null : (
          <s-button
            key={maker}
            href={url}
            target="_blank"
            variant={maker === device ? 'primary' : 'secondary'}
            accessibilityLabel={`${page.translate(`install.${maker}`)}, ${title}`}
          >
            {page.translate(`install.${maker}`)}
          </s-button>
        ),
      )}
    </s-stack>
  );
}

function Copyable(props: { id: string; of: string; label: string; text: string; page: Page }): VNode {
  const { id, label, text } = props;
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
  const word = props.page.translate(copied ? 'manual.copied' : 'manual.copy');
  return (
    <s-stack gap="small">
      <s-text type="small">{label}</s-text>
      <s-text>{text}</s-text>
      <s-button command="--copy" commandFor={id} accessibilityLabel={`${word}: ${label}, ${props.of}`}>
        {word}
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
