/** What turns the pages of a table that has several; pages count from 1. */
export function pageTurns({
  page,
  pages,
  onTurn,
}: {
  page: number;
  pages: number;
  onTurn: (page: number) => void;
}) {
  return {
    hasPrevious: page > 1,
    hasNext: page < pages,
    onPrevious: () => {
      onTurn(page - 1);
    },
    onNext: () => {
      onTurn(page + 1);
    },
    label: `Page ${String(page)} of ${String(pages)}`,
    accessibilityLabels: { previous: 'Previous page', next: 'Next page' },
  };
}
