/** Whether there is anything left of an eSIM to put a bundle on, as it was last read. `status` is `EsimStatus`, or a newer word. */
export function canTopUp({ status, revokedAt }: { status: string; revokedAt: Date | null }): boolean {
  return revokedAt === null && status !== 'revoked' && status !== 'gone';
}
