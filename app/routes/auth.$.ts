import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerSignIn } from '../shopify/auth.server.ts';

export function loader({ request }: LoaderFunctionArgs) {
  return answerSignIn(request);
}
