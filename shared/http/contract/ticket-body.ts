import * as z from "zod/mini";

/** The ticket in the body of a request. */
export const ticketName = () =>
  z.string().check(
    z.regex(/^[A-Za-z0-9_#-]{1,40}$/, "Write one ticket, such as PAY-123."),
    z.meta({
      description:
        "The one ticket that it is for. By default the only ticket of the rule's tracker in the reason.",
      examples: ["PAY-123"],
    }),
  );
