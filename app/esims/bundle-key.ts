/**
 * What an assignment is kept under, in the order given (newest first): the supplier's id; else its bundle and how many of
 * that bundle came before it, which stays when another one is added.
 */
export function bundleKeys(assignments: { id: string | null; bundle: string }[]): string[] {
  return assignments.map(({ id, bundle }, position) => {
    if (id !== null) return id;
    const earlier = assignments.slice(position + 1).filter((one) => one.id === null && one.bundle === bundle);
    return `${bundle} ${String(earlier.length + 1)}`;
  });
}
