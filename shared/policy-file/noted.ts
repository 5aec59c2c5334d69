/** Schemas with notes: for editors, and for docs/access-yaml.md. */
import * as z from "zod/mini";

/** The note on a key of `access.yaml`. */
export interface KeyNote {
  readonly description: string;
  /** The value that holds without the key; absent for a required key. */
  readonly default?: unknown;
  readonly examples: readonly [unknown];
}

/** By a key's path. A key of every cluster, person or rule has `*` in its path. */
export type KeyNotes = Readonly<Record<string, KeyNote>>;

/** Makes the schema of a key, with its note as metadata, which `z.toJSONSchema` reads. */
export const keyWith =
  <Notes extends KeyNotes>(notes: Notes) =>
  <Schema extends z.ZodMiniType>(path: keyof Notes & string, schema: Schema) =>
    schema.check(z.meta({ ...notes[path] }) as z.core.$ZodCheck<z.core.output<Schema>>);

/** A schema with what editors show of it. */
export const noted = <Schema extends z.ZodMiniType>(description: string, schema: Schema) =>
  schema.check(z.meta({ description }) as z.core.$ZodCheck<z.core.output<Schema>>);
