import { z } from 'zod';
import { field } from '../../../app/providers/form.ts';
import { entry } from '../../../app/providers/registry.server.ts';
import { createKestrel, limits } from './provider.ts';

/** What would be its line in the registry. */
export const kestrel = entry({
  sells: true,
  title: 'Kestrel',
  credentials: z.object({
    key: field(z.string().min(1, 'Enter the key.'), {
      kind: 'key',
      label: 'Key',
      help: 'From their portal.',
    }),
  }),
  limits,
  create: createKestrel,
});
