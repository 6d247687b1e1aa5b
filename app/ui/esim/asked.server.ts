import type { DeskKind } from '../../desk/deed.ts';
import { problemBody } from '../edge.server.ts';
import { refusedAnswer } from './ended.server.ts';

interface RefusedLook {
  status: 'refused';
  reason: string;
  detail: string | null;
}

type Answer = ReturnType<typeof refusedAnswer>;

/** What a dry run found; its refusal, and that of a supplier that cannot be asked, in words. */
export async function asked<Look extends { status: string } | null>(
  kind: DeskKind,
  look: Promise<Look>,
): Promise<Exclude<Look, RefusedLook> | Answer> {
  try {
    const found = await look;
    // The type says the same, and the compiler cannot see it for an open one.
    return isRefused(found) ? refusedAnswer(kind, found) : (found as Exclude<Look, RefusedLook>);
  } catch (error) {
    const problem = problemBody(error);
    if (problem?.side !== 'supplier') throw error;
    return refusedAnswer(kind, { reason: problem.kind, detail: null });
  }
}

function isRefused(look: { status: string } | null): look is RefusedLook {
  return look?.status === 'refused';
}
