/**
 * Whether an address that a merchant typed may be asked: encrypted, and by a name that is no machine's beside ours. The name may
 * still lead anywhere its owner likes: `outwardFetch` looks when it is asked.
 */
export function isPublicAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  return (
    protocol === 'https:' &&
    username + password + search + hash === '' &&
    /\.[a-z][a-z0-9-]*[a-z0-9]$/.test(hostname) &&
    !/\.(local|localhost|internal|intranet|lan|home|corp|test|invalid)$/.test(hostname)
  );
}
