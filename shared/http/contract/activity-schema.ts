/** The schema of what was done with a grant, in the API's answers. */
import * as z from "zod/mini";
import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";

const Text = z.string();
const Whole = z.int();
const Instant = Text.check(z.meta({ format: "date-time" }));

const Count = z.strictObject({
  verb: Text,
  resource: Text,
  namespace: z.nullable(Text),
  outcome: z.enum(["allowed", "denied", "failed"]),
  count: Whole,
  as: z.exactOptional(Text),
});

const Stream = z.strictObject({
  kind: z.enum(["exec", "attach", "port-forward"]),
  namespace: Text,
  pod: Text,
  startedAt: Instant,
  endedAt: z.nullable(Instant),
});

const LeftBehind = z.strictObject({
  resource: Text,
  namespace: z.nullable(Text),
  name: z.nullable(Text),
  createdAt: Instant,
});

export const ActivitySchema = z
  .nullable(
    z.strictObject({
      state: z.enum(["read", "logging-off", "too-large"]),
      from: Instant,
      until: Instant,
      query: z.nullable(Text),
      scannedBytes: Whole,
      counts: z.array(Count),
      firstAt: z.nullable(Instant),
      lastAt: z.nullable(Instant),
      streams: z.array(Stream),
      leftBehind: z.array(LeftBehind),
      isCut: z.boolean(),
      differing: z.exactOptional(z.array(Text)),
    }),
  )
  .check(
    z.meta({
      description:
        "What was done with it, by the cluster's audit log; null where no record says it. Only where a break-glass that is over is read by a person who may review it.",
    }),
  ) satisfies z.ZodMiniType<ActivitySummary | null>;
