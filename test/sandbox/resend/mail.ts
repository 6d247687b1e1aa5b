/** A mail as the sandbox keeps it. Plain JSON: the whole of it is written to the state file. */
export interface StoredMail {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
  attachments: StoredAttachment[];
  idempotencyKey: string | null;
}

export interface StoredAttachment {
  filename: string;
  /** Base64. */
  content: string;
  contentType: string;
  /** What `cid:` in the HTML names; null for a file to download. */
  contentId: string | null;
}

/** How Resend says no: status, machine name and sentence. */
export interface Refusal {
  statusCode: number;
  name: string;
  message: string;
}

/** Reads one mail of a request, or says what Resend would say about it. */
export function readMail(value: unknown): Omit<StoredMail, 'id' | 'at' | 'idempotencyKey'> | Refusal {
  if (typeof value !== 'object' || value === null) {
    return refusal(422, 'validation_error', 'The request body must be an object.');
  }
  // Any object may be read as a record of unknowns.
  const body = value as Record<string, unknown>;
  for (const field of ['from', 'to', 'subject']) {
    if (body[field] === undefined || body[field] === null) {
      return refusal(422, 'missing_required_field', `Missing \`${field}\` field.`);
    }
  }
  if (typeof body.from !== 'string' || !isAddress(body.from)) return badAddress('from');
  const lists: Record<string, string[]> = {};
  for (const field of ['to', 'cc', 'bcc', 'reply_to']) {
    const list = addressList(body[field]);
    if (!list?.every(isAddress) || (field === 'to' && list.length === 0)) return badAddress(field);
    if (list.length > 50)
      return refusal(422, 'validation_error', `The \`${field}\` field must not exceed 50 items.`);
    lists[field] = list;
  }
  if (typeof body.html !== 'string' && typeof body.text !== 'string') {
    return refusal(422, 'validation_error', 'Missing `html` or `text` field.');
  }
  const attachments = readAttachments(body.attachments);
  if (!Array.isArray(attachments)) return attachments;

  return {
    from: body.from,
    to: lists.to ?? [],
    cc: lists.cc ?? [],
    bcc: lists.bcc ?? [],
    replyTo: lists.reply_to ?? [],
    subject: String(body.subject),
    html: typeof body.html === 'string' ? body.html : null,
    text: typeof body.text === 'string' ? body.text : null,
    headers: stringRecord(body.headers),
    tags: Array.isArray(body.tags)
      ? body.tags.map((tag) => ({ name: '', value: '', ...stringRecord(tag) }))
      : [],
    attachments,
  };
}

export function refusal(statusCode: number, name: string, message: string): Refusal {
  return { statusCode, name, message };
}

export function badAddress(field: string): Refusal {
  return refusal(
    422,
    'validation_error',
    `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
  );
}

function readAttachments(value: unknown): StoredAttachment[] | Refusal {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value))
    return refusal(422, 'validation_error', 'The `attachments` field must be an array.');
  const attachments: StoredAttachment[] = [];
  for (const entry of value.map(stringRecord)) {
    // The sandbox fetches nothing, so a `path` to a remote file cannot be honoured.
    if (entry.content === undefined) {
      return refusal(422, 'invalid_attachment', 'Attachment must have either a `content` or `path`.');
    }
    const filename = entry.filename ?? 'attachment';
    attachments.push({
      filename,
      content: entry.content,
      contentType: entry.content_type ?? entry.contentType ?? typeOf(filename),
      contentId: entry.content_id ?? entry.contentId ?? null,
    });
  }
  return attachments;
}

function typeOf(filename: string): string {
  const types: Record<string, string> = {
    png: 'image/png',
    jpg: 'image/jpeg',
    gif: 'image/gif',
    pdf: 'application/pdf',
    txt: 'text/plain',
  };
  return types[filename.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

function addressList(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.every((entry) => typeof entry === 'string') ? list : null;
}

/** `email@example.com` or `Name <email@example.com>`. */
function isAddress(text: string): boolean {
  return (
    /^(?:[^<>]*<)?[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>?$/.test(text.trim()) &&
    text.includes('<') === text.includes('>')
  );
}

function stringRecord(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
