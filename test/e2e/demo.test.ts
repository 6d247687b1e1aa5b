import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from '../build.ts';

test('a newcomer connects a supplier, publishes a bundle, sells two eSIMs, and every code is the one that was issued', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/sandbox/demo.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 570_000,
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^demo ok: connect .* paid→QR [\d.]+ s/m);
  expect(status).toBe(0);
});
