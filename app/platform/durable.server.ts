import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Asks the disk to keep every file below a folder that was written since an instant. PGlite writes without ever
 * asking; after a clean stop this makes good for it. The folder may hold a thousand files, most of them old.
 */
export function keepOnDisk(folder: string, since: Date | null): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) keepOnDisk(path, since);
    else if (since === null || statSync(path).mtime >= since) sync(path);
  }
  sync(folder);
}

function sync(path: string) {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
