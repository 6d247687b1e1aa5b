/** Whether the supplier's price rose by more than `percent` since the variant was linked to the bundle. */
export function isPriceOver({
  cost,
  mappedCost,
  percent,
}: {
  cost: number;
  mappedCost: number | null;
  percent: number | null;
}): boolean {
  return percent !== null && mappedCost !== null && cost > mappedCost * (1 + percent / 100);
}
