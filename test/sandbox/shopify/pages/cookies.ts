import type { Request, Response } from 'express';

export function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split('; ')) {
    const [key, ...value] = pair.split('=');
    if (key === name) return decodeURIComponent(value.join('='));
  }
  return null;
}

/** Lives as long as the browser session; `null` removes it. */
export function writeCookie(response: Response, name: string, value: string | null): void {
  if (value === null) response.clearCookie(name, { path: '/' });
  else response.cookie(name, value, { path: '/', httpOnly: true, sameSite: 'lax' });
}
