const SANS =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Hiragino Sans', 'Yu Gothic', Meiryo, 'Noto Sans JP', Roboto, Arial, sans-serif";
const MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Courier New', monospace";

/**
 * The look stands inline, because many mail programs drop this sheet; it only adds dark mode and small screens. The tile
 * behind a QR code stays white: scanners need dark on light.
 */
export const headStyles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
.ink, .quiet { word-break: auto-phrase; }
@media (max-width: 480px) { .card { padding: 20px !important; } }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: #111418 !important; }
  .card { background-color: #1d2228 !important; border-color: #343b44 !important; }
  .notice { background-color: #33290f !important; border-color: #6b5518 !important; }
  .ink { color: #f1f3f5 !important; }
  .quiet { color: #b3bcc6 !important; }
  .code { background-color: #111418 !important; border-color: #343b44 !important; color: #f1f3f5 !important; }
  .button { background-color: #f1f3f5 !important; color: #14181d !important; }
  .link { color: #8ab8ff !important; }
  .line { border-top-color: #343b44 !important; }
}`;

const text = { color: '#1c2229', fontFamily: SANS, fontSize: '16px', lineHeight: '24px' } as const;
const heading = { ...text, fontWeight: 700, margin: '0 0 8px' } as const;

/** How every e-mail to a buyer looks. */
export const styles = {
  page: { backgroundColor: '#f2f4f6', margin: 0, padding: '16px 8px' },
  container: { width: '100%', maxWidth: '600px', margin: '0 auto' },
  // `separate`, or the rounded border of a table is square.
  card: {
    backgroundColor: '#ffffff',
    border: '1px solid #dfe3e8',
    borderCollapse: 'separate',
    borderRadius: '12px',
    padding: '28px',
    marginBottom: '16px',
  },
  notice: { backgroundColor: '#fff8e1', borderColor: '#e8d48a' },
  h1: { ...heading, fontSize: '26px', lineHeight: '34px' },
  h2: { ...heading, fontSize: '20px', lineHeight: '28px' },
  h3: { ...heading, fontSize: '16px', margin: '20px 0 8px' },
  text: { ...text, margin: '0 0 16px' },
  offer: { ...text, fontWeight: 600, margin: '0 0 16px' },
  quiet: { ...text, color: '#55606c', fontSize: '14px', lineHeight: '21px', margin: '8px 0' },
  list: { ...text, margin: 0, paddingLeft: '22px' },
  item: { margin: '0 0 8px' },
  qrTile: { backgroundColor: '#ffffff', borderRadius: '8px', width: '260px', margin: '0 auto' },
  qr: { width: '260px', height: '260px', maxWidth: '100%', margin: '0 auto' },
  button: {
    backgroundColor: '#14181d',
    borderRadius: '10px',
    boxSizing: 'border-box',
    color: '#ffffff',
    display: 'block',
    fontFamily: SANS,
    fontSize: '16px',
    fontWeight: 600,
    padding: '14px 20px',
    textAlign: 'center',
  },
  codeLabel: { ...text, color: '#55606c', fontSize: '14px', lineHeight: '20px', margin: '12px 0 4px' },
  code: {
    backgroundColor: '#f2f4f6',
    border: '1px solid #dfe3e8',
    borderRadius: '8px',
    color: '#1c2229',
    fontFamily: MONOSPACE,
    fontSize: '15px',
    lineHeight: '22px',
    margin: 0,
    padding: '10px 12px',
    wordBreak: 'break-all',
  },
  line: { borderTop: '1px solid #dfe3e8', margin: '20px 0 0' },
  link: { color: '#0b57d0', textDecoration: 'underline' },
} as const;
