import { z } from 'zod';
import { readerFields, readerIn } from '../delivery/reader-form.ts';
import { parseTypedIccid } from '../esims/iccid.ts';
import { readCsv, type CsvFile } from '../platform/read-csv.ts';

/** What a file of ICCIDs may hold. Each of them is a question to a supplier or several. */
export const MOST_ICCIDS = 1000;
export const MOST_ICCID_BYTES = 1_000_000;

/** `rounded`: a spreadsheet took the digits for a number and lost some. `repeated`: it stands further up already. */
export type IccidComplaint = 'not-an-iccid' | 'rounded' | 'repeated' | 'not-an-email' | 'not-a-language';

export interface IccidLine {
  /** Where it stands in the file, from 1. */
  line: number;
  /** Null with a complaint. */
  iccid: string | null;
  complaint: IccidComplaint | null;
  /** Whom its mails go to; null for nobody. */
  reader: { email: string; locale: string } | null;
}

export type IccidFile = { status: 'lines'; lines: IccidLine[] } | Extract<CsvFile, { status: 'unreadable' }>;

/**
 * Reads the ICCIDs of a file: its column "ICCID", or its only column. Who has them stands in "E-mail" and "Language" where there
 * are such columns; whatever else it has does not matter.
 */
export function readIccidFile(text: string): IccidFile {
  const begins = text.replace(/^\uFEFF/, '').trimStart();
  // A bare list has no header; and what its first line holds is as good as the others.
  const isBare = /^["']?\d/.test(begins);
  const file = readCsv(isBare ? `ICCID\n${begins}` : begins, {
    ...{ mostLines: MOST_ICCIDS, mostBytes: MOST_ICCID_BYTES },
    ifEmpty: 'Write one ICCID on each line, under the heading "ICCID".',
  });
  if (file.status === 'unreadable') return file;
  const column = file.header.length === 1 ? 0 : file.header.findIndex((title) => /^iccid$/i.test(title));
  if (column === -1)
    return { status: 'unreadable', sentences: ['No column is called "ICCID". Write it above the numbers.'] };
  const [email, language] = [/^e-?mail$/i, /^language$/i].map((name) =>
    file.header.findIndex((title) => name.test(title.trim())),
  );
  const seen = new Set<string>();
  return {
    status: 'lines',
    lines: file.rows.map(({ line, values }) => {
      const { iccid, complaint } = read(values[column] ?? '', seen);
      const reader = readReader(values[email ?? -1] ?? '', values[language ?? -1] ?? '');
      const wrong = complaint ?? (typeof reader === 'string' ? reader : null);
      if (iccid !== null && wrong === null) seen.add(iccid);
      return {
        ...{ line: isBare ? line - 1 : line, complaint: wrong },
        ...(wrong !== null || typeof reader === 'string' ? { iccid: null, reader: null } : { iccid, reader }),
      };
    }),
  };
}

function read(written: string, seen: Set<string>): Pick<IccidLine, 'iccid' | 'complaint'> {
  const iccid = parseTypedIccid(written);
  if (iccid === null) return { iccid, complaint: isRounded(written) ? 'rounded' : 'not-an-iccid' };
  return seen.has(iccid) ? { iccid: null, complaint: 'repeated' } : { iccid, complaint: null };
}

function readReader(email: string, language: string): IccidLine['reader'] | IccidComplaint {
  const fields = z.object(readerFields).safeParse({ email, language: language.trim().toLowerCase() || 'en' });
  if (fields.success) return readerIn(fields.data);
  return fields.error.issues.some(({ path }) => path[0] === 'email') ? 'not-an-email' : 'not-a-language';
}

/** "8.94451E+18" and "8944510000000000000": fifteen digits are all that a spreadsheet's numbers hold. */
const isRounded = (written: string) =>
  /^\d([.,]\d+)?E\+?1[89]$/i.test(written) || /^89\d{12,13}0{4,6}$/.test(written);
