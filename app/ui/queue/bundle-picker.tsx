import { Text } from '@shopify/polaris';
import { obstacleWords } from '../../products/mapping-view.ts';
import { useBundleSearch } from '../bundle-search.ts';
import { Picker, type Picking } from './picker.tsx';

/** Another bundle for what waits: bought at once. `warning` is what that may cost beside. */
export function BundlePicker({
  pieces,
  warning = null,
  ...picking
}: Picking & { pieces: number; warning?: string | null }) {
  const { choices, ...search } = useBundleSearch();
  const offered =
    choices?.map(({ id, title, code, supplier, cost, obstacle }) => ({
      ...{
        id,
        title,
        label: `${title}, ${cost}`,
        helpText: `${code}, ${supplier}${obstacle === null ? '' : `. ${obstacleWords[obstacle]}`}`,
      },
    })) ?? null;
  return (
    <Picker
      {...picking}
      label="Which bundle instead?"
      placeholder="Search by country, region, data or code"
      search={search}
      offered={offered}
      none="No bundle fits. Try other words."
      listTitle="Bundles"
      confirm={(title) => (title === null ? 'Buy this bundle' : `Buy ${String(pieces)} × ${title}`)}
    >
      {warning !== null && <Text as="p">{warning}</Text>}
    </Picker>
  );
}
