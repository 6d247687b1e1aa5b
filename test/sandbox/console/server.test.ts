import { expect, test } from 'vitest';
import { makeConducts } from '../conducts.ts';
import { startConsole } from './server.ts';

test('the console lists the addresses and switches conducts', async () => {
  const conducts = makeConducts({ throttles: 'Answers 429 to everything.' });
  const demo = await startConsole({
    servers: [{ name: 'eSIM Go', url: 'http://127.0.0.1:4002', conducts }],
    links: [{ title: 'Mailbox', url: 'http://127.0.0.1:4003', note: 'Mails <arrive> here.' }],
  });
  const press = (to: string, conduct = 'throttles') =>
    fetch(`${demo.url}/conducts`, {
      method: 'POST',
      body: new URLSearchParams({ server: 'eSIM Go', conduct, to }),
    });

  expect(await (await fetch(demo.url)).text()).toContain('Mails &#60;arrive&#62; here.');
  expect(await (await press('on')).text()).toContain('1 on');
  expect(conducts.list()).toEqual(['throttles']);
  await press('off');
  expect(conducts.list()).toEqual([]);
  expect((await press('on', 'constructor')).status).toBe(400);

  await demo.close();
});

test('a conduct for so many times switches itself off', () => {
  const conducts = makeConducts({ throttles: '' });
  conducts.on('throttles', { times: 2, only: 'POST /orders' });

  expect(conducts.strike('throttles', 'GET /orders')).toBeNull();
  expect([1, 2, 3].map(() => conducts.strike('throttles', 'POST /orders') !== null)).toEqual([
    true,
    true,
    false,
  ]);
  expect(conducts.isOn('throttles')).toBe(false);
  expect(() => {
    conducts.on('sulks');
  }).toThrow('unknown conduct "sulks"');
});
