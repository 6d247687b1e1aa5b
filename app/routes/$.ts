import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerUnknown } from '../shopify/auth.server.ts';

export const loader = ({ request }: LoaderFunctionArgs) => answerUnknown(request);
export const action = ({ request }: ActionFunctionArgs) => answerUnknown(request);
