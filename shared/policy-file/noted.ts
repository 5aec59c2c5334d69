import * as z from "zod/mini";

/** A schema with what editors show of it. */
export const noted = <Schema extends z.ZodMiniType>(description: string, schema: Schema) =>
  schema.check(z.meta({ description }) as z.core.$ZodCheck<z.core.output<Schema>>);
