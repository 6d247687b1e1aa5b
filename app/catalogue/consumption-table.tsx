import {
  BlockStack,
  Box,
  EmptySearchResult,
  IndexTable,
  Text,
  TextField,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';

interface Row {
  id: string;
  country: string;
  profile: string | null;
  price: string;
}

const PER_PAGE = 50;

/** Prices by country, found by its name. */
export function PriceTable({ rows }: { rows: Row[] }) {
  const { smDown } = useBreakpoints();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const words = search.trim().toLowerCase();
  const found = rows.filter(({ country }) => country.toLowerCase().includes(words));
  const from = page * PER_PAGE;
  const shown = found.slice(from, from + PER_PAGE);
  return (
    <>
      <Box padding="300">
        <TextField
          label="Find a country"
          type="search"
          autoComplete="off"
          value={search}
          onChange={(value) => {
            setSearch(value);
            setPage(0);
          }}
        />
      </Box>
      <IndexTable
        condensed={smDown}
        selectable={false}
        itemCount={shown.length}
        resourceName={{ singular: 'price', plural: 'prices' }}
        headings={[{ title: 'Country' }, { title: 'Network profile' }, { title: 'Per GB', alignment: 'end' }]}
        emptyState={
          <EmptySearchResult title="No such country" description="Try another name." withIllustration />
        }
        {...(found.length > PER_PAGE && {
          pagination: {
            hasPrevious: page > 0,
            onPrevious: () => {
              setPage(page - 1);
            },
            hasNext: from + PER_PAGE < found.length,
            onNext: () => {
              setPage(page + 1);
            },
          },
        })}
      >
        {shown.map((row, position) => (
          <IndexTable.Row key={row.id} id={row.id} position={position}>
            {smDown ? <Narrow row={row} /> : <Wide row={row} />}
          </IndexTable.Row>
        ))}
      </IndexTable>
    </>
  );
}

function Wide({ row: { country, profile, price } }: { row: Row }) {
  return (
    <>
      <IndexTable.Cell>{country}</IndexTable.Cell>
      <IndexTable.Cell>{profile ?? '–'}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {price}
        </Text>
      </IndexTable.Cell>
    </>
  );
}

function Narrow({ row: { country, profile, price } }: { row: Row }) {
  return (
    <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
      <BlockStack gap="100">
        <Text as="span" fontWeight="semibold">
          {country}
        </Text>
        <Text as="span" numeric>
          {price} per GB
        </Text>
        {profile !== null && (
          <Text as="span" tone="subdued">
            {profile}
          </Text>
        )}
      </BlockStack>
    </div>
  );
}
