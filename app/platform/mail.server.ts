import { Resend } from 'resend';
import { config } from './config.server.ts';
import { RemoteError } from './remote-error.ts';

export interface Mail {
  /** At most 256 characters. Resend sends one mail for one key within 24 hours, whatever we repeat. */
  key: string;
  fromName: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  attachments: { filename: string; content: Buffer; contentType: string; contentId: string }[];
}

export type MailErrorKind =
  | 'rate-limited' // later, same key
  | 'refused' // the address or the mail itself; repeating does not help
  | 'credentials' // whoever runs the server must fix RESEND_API_KEY or MAIL_FROM
  | 'down'; // no answer we understand; the same key makes a repeat harmless

export class MailError extends RemoteError<MailErrorKind> {}

/** Hands a mail to Resend and returns Resend's id for it. Throws `MailError`. */
export async function sendMail(mail: Mail): Promise<string> {
  const resend = new Resend(config.RESEND_API_KEY, { baseUrl: config.RESEND_BASE_URL });
  const { data, error } = await resend.emails.send(
    {
      from: sender(mail.fromName),
      to: mail.to,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      attachments: mail.attachments,
    },
    { idempotencyKey: mail.key },
  );
  if (!error) return data.id;
  // The error's own words may quote the address; only its closed name goes on.
  throw new MailError(kindOf(error.name), `Resend did not take ${mail.key}: ${error.name}`);
}

function sender(name: string): string {
  const address = /<([^<>]+)>/.exec(config.MAIL_FROM)?.[1] ?? config.MAIL_FROM;
  return `${JSON.stringify(name.replace(/[\r\n"\\<>]/g, ' '))} <${address}>`;
}

function kindOf(name: string): MailErrorKind {
  switch (name) {
    case 'rate_limit_exceeded':
    case 'daily_quota_exceeded':
    case 'monthly_quota_exceeded':
    case 'concurrent_idempotent_requests':
      return 'rate-limited';
    case 'missing_api_key':
    case 'invalid_api_key':
    case 'restricted_api_key':
    case 'invalid_from_address':
    case 'security_error':
      return 'credentials';
    case 'validation_error':
    case 'missing_required_field':
    case 'invalid_parameter':
    case 'invalid_attachment':
    case 'invalid_idempotent_request':
    case 'invalid_idempotency_key':
      return 'refused';
    default:
      return 'down';
  }
}
