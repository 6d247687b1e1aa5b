/** "a•••@example.com": enough to recognise an address, not to write to it. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '•••';
  return `${[...email][0] ?? ''}•••${email.slice(at)}`;
}
