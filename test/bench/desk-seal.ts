// A thread of its own, because sealing is most of the work: makes rows of the desk's bench, as many as it is asked for at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { blindIndex, seal } from '../../app/platform/secrets.server.ts';
import { orderIdOf, rowOf } from './desk-row.ts';

/** What is asked for; the numbers are both included. */
export interface Wanted {
  first: number;
  last: number;
}

/** The rows' columns, each a text with a line for each row. */
export type SealedColumns = Record<keyof ReturnType<typeof sealed>, string>;

// The thread is started with the shop that the rows are of.
const { shopId } = workerData as { shopId: string };

parentPort?.on('message', ({ first, last }: Wanted) => {
  const rows = Array.from({ length: last - first + 1 }, (_, index) => sealed(first + index));
  const names = Object.keys(rows[0] ?? {}) as (keyof SealedColumns)[]; // of one object's own keys
  parentPort?.postMessage(
    Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name]).join('\n')])),
  );
});

// The purposes and places are those of orders/found-by, esims/find and esims/save. A search that finds nothing tells when they
// are not any more.
function sealed(number: number) {
  const { esimId, iccid, matchingId, email, customer, reference } = rowOf(number);
  const orderId = orderIdOf(number);
  const [firstName = '', lastName = ''] = customer.toLowerCase().split(' ');
  const smdpAddress = 'rsp.example.com';
  return {
    ...{ number: String(number), esimId, orderId, reference },
    secret: seal(JSON.stringify({ iccid, smdpAddress, matchingId }), {
      ...{ table: 'Esim', column: 'secret', shopId, rowId: esimId },
    }),
    iccidHash: blindIndex('iccid', iccid),
    iccidLast4: iccid.slice(-4),
    matchingIdHash: blindIndex('matching-id', matchingId),
    email: seal(email, { table: 'Order', column: 'email', shopId, rowId: orderId }),
    emailHash: blindIndex('order-email', `${shopId}|${email}`),
    name: seal(customer, { table: 'Order', column: 'customerName', shopId, rowId: orderId }),
    firstNameHash: nameHash(firstName),
    lastNameHash: nameHash(lastName),
  };
}

const hashes = new Map<string, string>();

function nameHash(word: string): string {
  const known = hashes.get(word) ?? blindIndex('order-name', `${shopId}|${word}`);
  hashes.set(word, known);
  return known;
}
