import { z } from 'zod';
import { LANGUAGES } from '../platform/language.ts';

/** The fields that ask whom the mails of an eSIM go to. Nobody, where the address is left empty. */
export const readerFields = {
  email: z
    .string()
    .trim()
    .max(254)
    .refine(
      (text) => text === '' || z.email().safeParse(text).success,
      'Enter an e-mail address, or leave it empty.',
    )
    .default(''),
  language: z.enum(LANGUAGES).default('en'),
};

/** Null for nobody. */
export function readerIn({ email, language }: { email: string; language: string }) {
  return email === '' ? null : { email, locale: language };
}
