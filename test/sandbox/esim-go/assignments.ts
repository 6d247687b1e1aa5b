import QRCode from 'qrcode';
import { smdpOnTheWire } from './orders.ts';
import type { Esim } from './state.ts';
import { json, refuse, type Answer, type Call } from './vendor.ts';
import { zip } from './zip.ts';

/**
 * `GET /esims/assignments?reference=`: the install details of an order's eSIMs. CSV unless the client asks for JSON
 * or for a zip of QR codes.
 */
export async function getAssignments(call: Call): Promise<Answer> {
  const { vendor, organisation, query } = call;
  const references = [...query.getAll('reference'), call.params.reference ?? ''].filter(
    (reference) => reference !== '',
  );
  if (references.length === 0) return refuse(400, 'reference is required');

  const esims: { reference: string; esim: Esim }[] = [];
  for (const reference of references) {
    const order = vendor.state.orders.find(
      ({ orderReference, apiKey }) => orderReference === reference && apiKey === organisation.apiKey,
    );
    if (!order) return refuse(403, 'the reference is not accessible by the user');
    if (vendor.now() < order.preparedAt) {
      if (order.whilePreparing === '503')
        return refuse(503, 'processing, please come back later', { 'Retry-After': '1' });
      continue;
    }
    const iccids = new Set(order.items.flatMap((item) => item.iccids));
    for (const esim of vendor.state.esims) if (iccids.has(esim.iccid)) esims.push({ reference, esim });
  }

  const asksForJson =
    call.accept.includes('application/json') && !vendor.conducts.strike('answers-csv', call.name);
  if (call.accept.includes('application/zip')) return zipOfQrCodes(esims.map(({ esim }) => esim));
  if (!asksForJson) return csv(call, esims);

  const list = esims.map(({ esim }) => ({
    iccid: esim.iccid,
    matchingId: esim.matchingId,
    smdpAddress: smdpOnTheWire(vendor, esim.smdpAddress),
    profileStatus: esim.profileStatus,
    pin: esim.pin,
    puk: esim.puk,
    // ISO here, epoch milliseconds in `GET /esims/{iccid}`.
    firstInstalledDateTime:
      esim.firstInstalledAt === null ? null : new Date(esim.firstInstalledAt).toISOString(),
    ...installUrls(call, esim),
  }));
  const documented = vendor.conducts.isOn('answers-as-documented');
  return json(documented && list.length === 1 ? list[0] : list);
}

export function activationCode(esim: Esim): string {
  return `LPA:1$${esim.smdpAddress}$${esim.matchingId}`;
}

/** Those of `additionalFields`: since 2.5 one word asks for both. */
export function installUrls({ query, version }: Call, esim: Esim): Record<string, string> {
  const asked = query.getAll('additionalFields').join();
  const url = (maker: string) =>
    `https://esimsetup.${maker}.com/esim_qrcode_provisioning?carddata=${encodeURIComponent(activationCode(esim))}`;
  if (version === '2.5' && asked.includes('installUrl'))
    return { appleInstallUrl: url('apple'), androidInstallUrl: url('android') };
  return asked.includes('appleInstallUrl') ? { appleInstallUrl: url('apple') } : {};
}

const URL_COLUMNS: Record<string, string> = {
  ...{ appleInstallUrl: 'Apple Install URL', androidInstallUrl: 'Android Install URL' },
};

// The names of the columns are assumed; the vendor only says what they hold.
function csv(call: Call, esims: { esim: Esim }[]): Answer {
  const urls = esims.map(({ esim }) => installUrls(call, esim));
  const head = [
    ...['ICCID', 'Matching ID', 'SMDP Address'],
    ...Object.keys(urls[0] ?? {}).map((name) => URL_COLUMNS[name] ?? name),
  ];
  const rows = esims.map(({ esim }, at) => [
    ...[esim.iccid, esim.matchingId, smdpOnTheWire(call.vendor, esim.smdpAddress)],
    ...Object.values(urls[at] ?? {}),
  ]);
  return { status: 200, type: 'text/csv', body: [head, ...rows].map((row) => `${row.join(',')}\n`).join('') };
}

async function zipOfQrCodes(esims: Esim[]): Promise<Answer> {
  const files = await Promise.all(
    esims.map(async (esim) => ({
      name: `${esim.iccid}.png`,
      content: await QRCode.toBuffer(activationCode(esim)),
    })),
  );
  return { status: 200, type: 'application/zip', body: zip(files) };
}
