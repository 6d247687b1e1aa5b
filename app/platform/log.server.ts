import { pino } from 'pino';
import { config } from './config.server.ts';
import { RemoteError } from './remote-error.ts';

/** The only things a log line may carry: ids of ours, names, states and figures. Nothing a buyer or a key owns. */
export interface LogFields {
  shop?: string | undefined;
  orderId?: string | undefined;
  unitId?: string | undefined;
  esimId?: string | undefined;
  accountId?: string | undefined;
  attemptId?: string | undefined;
  taskId?: string | undefined;
  deliveryId?: string | undefined;
  notificationId?: string | undefined;
  provider?: string | undefined;
  act?: string | undefined;
  topic?: string | undefined;
  job?: string | undefined;
  method?: string | undefined;
  route?: string | undefined;
  status?: number | string | undefined;
  reason?: string | undefined;
  count?: number | undefined;
  port?: number | undefined;
  ms?: number | undefined;
  role?: string | undefined;
}

const allowed = new Set([
  ...[
    'shop',
    'orderId',
    'unitId',
    'esimId',
    'accountId',
    'attemptId',
    'taskId',
    'deliveryId',
    'notificationId',
    'provider',
  ],
  ...['act', 'topic', 'job', 'method', 'route', 'status', 'reason', 'count', 'port', 'ms', 'role'],
]);

const logger = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime });

/** `event` is noun.past or a short sentence written by us; never text that came from outside. */
export const log = {
  debug: (event: string, fields: LogFields = {}) => {
    write('debug', event, fields);
  },
  info: (event: string, fields: LogFields = {}) => {
    write('info', event, fields);
  },
  warn: (event: string, fields: LogFields = {}, error?: unknown) => {
    write('warn', event, fields, error);
  },
  error: (event: string, fields: LogFields = {}, error?: unknown) => {
    write('error', event, fields, error);
  },
};

function write(
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  fields: LogFields,
  error?: unknown,
) {
  // Types vanish at run time; the list does not.
  const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => allowed.has(name)));
  logger[level](error === undefined ? kept : { ...kept, error: describe(error) }, event);
}

/**
 * An error as it may stand in a log. Only our own `RemoteError` messages are known to hold no secret; of every
 * other error (a database error quotes its query's values) only the name, the code and the stack's frames stay.
 */
function describe(error: unknown) {
  if (error instanceof RemoteError)
    return { name: error.name, kind: String(error.kind), message: error.message };
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6);
  return { name: error.name, code: 'code' in error ? String(error.code) : undefined, frames };
}
