import { z } from 'zod';

/** How a credential is asked for. */
export interface FieldWords {
  label: string;
  help: string;
  /**
   * A key or a password is never shown again, save the last four characters of a key: those of a password give too much of it
   * away. An address is the supplier's own, for one that has none for everybody.
   */
  kind: 'text' | 'key' | 'password' | 'address' | 'choice';
  /** Something of its form, shown where nothing is typed yet; absent where any text will do. */
  example?: string;
  /** Of a choice, the first one for an account that never chose. */
  choices?: { value: string; label: string }[];
  /** Asked for only beside this choice of another field. It may stay empty, and tells no account from another. */
  onlyWith?: { field: string; value: string };
}

export interface Field extends FieldWords {
  name: string;
}

const words = z.registry<FieldWords>();

/** A credential with the words of its field in the connect form. */
export function field<Schema extends z.ZodType>(schema: Schema, said: FieldWords): Schema {
  words.add(schema, said);
  return schema;
}

/** The connect form that a schema of credentials asks for. */
export function fieldsOf(credentials: { shape: Record<string, z.ZodType> }): Field[] {
  return Object.entries(credentials.shape).map(([name, schema]) => {
    const said = words.get(schema);
    if (!said) throw new Error(`nobody says how to ask for ${name}`);
    return { name, ...said };
  });
}
