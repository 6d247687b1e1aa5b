import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Esim, OrderEsims, Reading } from './order-esims.ts';
import { watchOrder } from './watch-order.ts';
import type { Face } from './watch-order.ts';

const unknown: Reading = { kind: 'unknown' };
const unreachable: Reading = { kind: 'unreachable' };
const preparing = (retryAfterMs: number | null = null): Reading =>
  reading({ status: 'preparing', retryAfterMs });
const esim: Esim = {
  id: 'esim-1',
  index: 1,
  of: 1,
  destination: { countries: ['FR'], region: null, description: 'France' },
  dataBytes: null,
  days: 7,
  usage: null,
  topUpUrl: null,
  state: 'problem',
  code: null,
};

function reading(order: Partial<OrderEsims>): Reading {
  return {
    kind: 'answer',
    order: { status: 'ready', retryAfterMs: null, esims: [esim], topUps: [], ...order },
  };
}

/** Watches an order whose app gives these answers in turn, the last one for ever. */
function watch(answers: Reading[], patienceMs = 60_000) {
  const askedAt: number[] = [];
  const faces: Face[] = [];
  const startedAt = Date.now();
  const stop = watchOrder({
    read: () => {
      askedAt.push((Date.now() - startedAt) / 1000);
      return Promise.resolve(answers[Math.min(askedAt.length, answers.length) - 1] ?? unreachable);
    },
    onFace: (face) => faces.push(face),
    patienceMs,
  });
  return { askedAt, faces, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('asking', () => {
  test('waits longer and longer, and stops after ten minutes with a kind word', async () => {
    const { askedAt, faces } = watch([preparing()]);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(askedAt.slice(0, 13)).toEqual([0, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 54, 84, 114]);
    expect(askedAt.at(-1)).toBeLessThanOrEqual(600);
    expect(askedAt.at(-1)).toBeGreaterThan(560);
    expect(faces.at(-1)).toMatchObject({ name: 'preparing', late: true });
    expect(faces.filter((face) => face.name === 'preparing' && face.late)).toHaveLength(1);
  });

  test('never asks sooner than the app wishes, and does not let it wish for hours', async () => {
    const patient = watch([preparing(4_000)]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(patient.askedAt).toEqual([0, 4, 8, 12]);
    patient.stop();

    const absurd = watch([preparing(86_400_000)]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(absurd.askedAt).toEqual([0, 60]);
    absurd.stop();
  });

  test('starts over with short waits once the order has arrived', async () => {
    const { askedAt, stop } = watch([unknown, unknown, unknown, preparing()]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(askedAt).toEqual([0, 0.5, 1, 2, 2.5, 3, 4]);
    stop();
  });

  test('ends with the last word: ready, nothing, a problem without a later date', async () => {
    for (const status of ['ready', 'none', 'problem'] as const) {
      const { askedAt } = watch([reading({ status })]);
      await vi.advanceTimersByTimeAsync(60 * 60_000);
      expect(askedAt, status).toEqual([0]);
    }
  });

  test('a problem the app expects to be solved is asked about again', async () => {
    const { faces } = watch([
      reading({ status: 'problem', retryAfterMs: 5_000 }),
      reading({ status: 'ready' }),
    ]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(faces.map((face) => face.name)).toEqual(['problem', 'ready']);
  });

  test('is over when the page goes', async () => {
    const { askedAt, faces, stop } = watch([preparing()]);
    await vi.advanceTimersByTimeAsync(1_000);
    stop();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(askedAt).toEqual([0, 0.5, 1]);
    expect(faces).toHaveLength(3);
  });

  test('an answer that comes after the page went is not shown', async () => {
    const { faces, stop } = watch([preparing()]);
    stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(faces).toEqual([]);
  });
});

describe('an order the app does not know', () => {
  test('may still be on its way for a minute, then there is nothing to show', async () => {
    const { askedAt, faces } = watch([unknown]);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(askedAt).toEqual([0, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 54]);
    expect(faces).toEqual([{ name: 'nothing' }]);
  });

  test('is nothing at once where it would have arrived long ago', async () => {
    const { askedAt, faces } = watch([unknown], 0);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(askedAt).toEqual([0]);
    expect(faces).toEqual([{ name: 'nothing' }]);
  });
});

describe('no network', () => {
  test('two lost answers pass unseen, the third is said', async () => {
    const { askedAt, faces } = watch([unreachable]);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(askedAt).toEqual([0, 0.5, 1]);
    expect(faces).toEqual([{ name: 'unreachable', esims: [], topUps: [] }]);
  });

  test('what the buyer has already seen stays on the page', async () => {
    const { faces } = watch([preparing(), unreachable]);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(faces.at(-1)).toEqual({ name: 'unreachable', esims: [esim], topUps: [] });
  });

  test('a passing cloud changes nothing', async () => {
    const { faces } = watch([unreachable, unreachable, reading({ status: 'ready' })]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(faces.map((face) => face.name)).toEqual(['ready']);
  });
});
