import { isHealthy } from '../settings/health.server.ts';

export async function loader() {
  const healthy = await isHealthy();
  return new Response(healthy ? 'ok' : 'the database does not take writes', {
    status: healthy ? 200 : 503,
    headers: { 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' },
  });
}
