import { fieldNames } from './default-templates.ts';
import type { ComparedField, Owner } from './written.ts';

/** What a merchant chooses from, for one text of their products. */
export const ownerNames: Record<Owner, string> = {
  'once-changed': 'The app’s, until you edit it',
  theirs: 'Yours: written only once',
  ours: 'Always the app’s',
};

export function ownerQuestion(field: ComparedField): string {
  const name = fieldNames[field];
  return `Whose ${field === 'tags' ? 'are' : 'is'} the ${name.charAt(0).toLowerCase()}${name.slice(1)}?`;
}
