/** The bytes of a request's or an answer's body, or `too-large`: no more than `mostBytes` of it is ever held. */
export async function readCapped(
  request: Request | Response,
  mostBytes: number,
): Promise<Uint8Array | 'too-large'> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return 'too-large';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const chunk = part.value as Uint8Array; // a body streams bytes; the DOM's type says any
    bytes += chunk.length;
    if (bytes > mostBytes) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a body says; null where it is no JSON. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
