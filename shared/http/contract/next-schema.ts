import * as z from "zod/mini";

/** The cursor of the next page, in every list. */
export const Next = z.string().check(
  z.meta({
    description:
      "Send it back as cursor for the next page; the last page has none. It says nothing, and holds for an hour, for the same person and list.",
  }),
);
