/** Answers of the app as it gives them to the admin's block; invented. */
export function answer(units: unknown[], changes: Record<string, unknown> = {}): Response {
  return Response.json({ id: '7', maskedEmail: 'k…@example.com', canResend: true, units, ...changes });
}

export function esim(index: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ id: `unit-${String(index)}`, title: 'France 1 GB', isTopUp: false, state: 'new', usage: null },
    ...{ path: `/app/esims/${String(index)}`, iccidLast4: `000${String(index)}`, ...changes },
  };
}

/** Lets what was asked be answered, then lets Preact draw what came of it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 20));
}
