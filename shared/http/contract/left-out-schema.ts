import * as z from "zod/mini";

/** In the lists of the audit table. */
export const LeftOut = z.int().check(
  z.meta({
    description:
      "How many items of this page were left out: a function put them into the list, and they are no records in their places. Absent for 0.",
  }),
);
