import * as z from "zod/mini";

/** The members of a request that say what its requester is, and by which program they asked. */
export const ASKER = {
  machine: z.exactOptional(
    z
      .literal(true)
      .check(z.meta({ description: "The requester is a machine. Absent for a person." })),
  ),
  owners: z.exactOptional(z.array(z.string())),
  via: z.exactOptional(
    z
      .strictObject({ protocol: z.literal("mcp"), client: z.string() })
      .check(
        z.meta({ description: "The program that asked for the requester, as it calls itself." }),
      ),
  ),
};
