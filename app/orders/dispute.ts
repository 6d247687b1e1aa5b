/** Whether the buyer's bank has the money, for now or for good. An inquiry takes none. */
export function takesTheMoney({ kind, status }: { kind: string; status: string }): boolean {
  return kind === 'chargeback' && !['won', 'prevented', 'charge_refunded'].includes(status);
}

/** Whether nobody can answer the bank any more. */
export function isSettled(status: string): boolean {
  return ['won', 'lost', 'accepted', 'prevented', 'charge_refunded'].includes(status);
}
