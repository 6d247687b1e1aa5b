/**
 * The order in which the values of an option are to stand: ours small to large (`wanted`), the merchant's own behind the
 * value they stand behind now. Null when the order is to stay: it is right, or the merchant chose another for the values
 * that were there before some of ours were `added`.
 */
export function valueOrder(
  now: readonly string[],
  { wanted, added }: { wanted: readonly string[]; added: ReadonlySet<string> },
): string[] | null {
  const ours = wanted.filter((value) => now.includes(value));
  const oldOurs = now.filter((value) => ours.includes(value) && !added.has(value));
  if (
    !isSame(
      oldOurs,
      ours.filter((value) => !added.has(value)),
    )
  )
    return null;
  const order = [...ours];
  now.forEach((value, index) => {
    if (ours.includes(value)) return;
    const before = now[index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, value);
  });
  return isSame(order, now) ? null : order;
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, index) => value === b[index]);
