/** The schemas of reviews of break-glass, in each answer of the API that says of one. */
import * as z from "zod/mini";
import type { Review } from "../../domain/requests/review.ts";
import type { ReviewAnswer } from "./review-answer.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));

/** The review of a request: it is open until `closed` is set. */
export const ReviewOfRequest = z.strictObject({
  by: z.array(Text),
  dueAt: Instant,
  closed: z.nullable(z.strictObject({ person: Text, at: Instant, note: Text })),
}) satisfies z.ZodMiniType<Review>;

/** The review that a request under a rule would open. */
export const ReviewOfRule = z.strictObject({
  by: z.array(Text),
  people: z.array(Text),
  within: Text,
  withinSeconds: z.int(),
  block: z.boolean(),
}) satisfies z.ZodMiniType<ReviewAnswer>;
