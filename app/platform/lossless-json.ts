/**
 * JSON with every number as the text the sender wrote: `{"iccid": 89441234567890123456, "price": 1.10}` becomes
 * `{iccid: '89441234567890123456', price: '1.10'}`. As numbers an ICCID loses its last digits and a price its
 * scale. Throws on anything that is not JSON; a byte order mark in front is allowed.
 */
export function parseLosslessJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''), keepDigits) as unknown;
}

// TypeScript's library does not know the third argument yet; Node has it since version 21.
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}
