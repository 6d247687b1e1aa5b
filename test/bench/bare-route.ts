// The least a webhook route can do: read the body and verify the signature. It writes nothing down, so it is no model:
// it shows what HTTP and the signature cost on this machine. Tells its address to the process that started it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const [secret = ''] = process.argv.slice(2);

const app = express();
app.post('/webhooks/shopify', express.raw({ type: '*/*', limit: '1mb' }), (request, response) => {
  const given = Buffer.from(request.get('x-shopify-hmac-sha256') ?? '', 'base64');
  const wanted = createHmac('sha256', secret)
    .update(request.body as Buffer)
    .digest();
  const isSigned = given.length === wanted.length && timingSafeEqual(given, wanted);
  response.sendStatus(isSigned ? 200 : 401);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : null);
});
