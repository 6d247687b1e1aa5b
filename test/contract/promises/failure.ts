import { ProviderError, type ProviderErrorKind } from '../../../app/providers/contract.ts';

/** The kind of the failure that an answer must be. */
export async function kindOf(answer: Promise<unknown>): Promise<ProviderErrorKind> {
  return (await failureOf(answer)).kind;
}

/** The failure that an answer must be. Throws on anything else, so that a bug is not taken for a refusal. */
export async function failureOf(answer: Promise<unknown>): Promise<ProviderError> {
  const error = await answer.then(
    (value) => new Error(`expected a ProviderError, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error;
}

/** For an answer that may as well be no failure. */
export function kindOfError(error: unknown): ProviderErrorKind {
  if (!(error instanceof ProviderError)) throw error;
  return error.kind;
}
