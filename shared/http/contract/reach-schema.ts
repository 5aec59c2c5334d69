import * as z from "zod/mini";
import { STATES_THEN } from "../../domain/requests/grant-then.ts";
import { UNKNOWN_THEN } from "../../domain/standing/standing-then.ts";
import { ClusterSchema, EntrySchema, ScopeSchema } from "./cluster-schema.ts";
import { FindingSchema, type LooseFinding } from "./finding-schema.ts";
import { Next } from "./next-schema.ts";
import type { ReachAnswer } from "./reach-answer.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));
const Whole = z.int();
const described = (description: string) => z.meta({ description });

const Access = z.union([
  z.strictObject({ policy: Text, scope: ScopeSchema }),
  z.strictObject({ groups: z.array(Text) }),
]);

const GrantThen = z.strictObject({
  id: Text,
  requester: Text,
  machine: z.exactOptional(z.literal(true)),
  principalArn: Text,
  access: Access,
  state: z
    .enum(STATES_THEN)
    .check(
      described(
        "active: a read had shown its access. ending: no read had proven its end yet. approved: no read had shown its access yet. unknown: its events do not bear out what its record claims.",
      ),
    ),
  startsAt: z.nullable(Instant),
  approvedAt: z.nullable(Instant),
  revokeAt: z.nullable(Instant),
  effectiveAt: z.nullable(Instant),
  goneAt: z
    .nullable(Instant)
    .check(described("When the read began that proves its end; null while no read has.")),
});

const Standing = z.strictObject({
  reading: z.nullable(
    z.strictObject({ startedAt: Instant, completedAt: Instant, read: Whole, explained: Whole }),
  ),
  following: z
    .nullable(Instant)
    .check(described("When the reading after it was complete; null before there is one.")),
  changed: z
    .nullable(z.array(z.strictObject({ principalArn: Text, changedAt: z.nullable(Instant) })))
    .check(
      described(
        "Entries that the reading after it found differently, and that may have changed by the instant: 100 at most, on the first page. changedAt is null where no finding dates the change. Null: the two lists are too large to compare.",
      ),
    ),
  unknown: z
    .nullable(z.enum(UNKNOWN_THEN))
    .check(
      described(
        "Why standing access of then is not known; null where it is, as of the reading. not-read: nobody had read the cluster. not-kept: no reading of then was kept. archived: only the archive has what was found. not-archived: the archive does not have it. changed: the reading after it found something else. too-old: the reading was twelve hours old or older. another-cluster: the cluster of today was made later.",
      ),
    ),
});

type Loose = Omit<ReachAnswer, "findings"> & { readonly findings: readonly LooseFinding[] };

export const ReachSchema = z.strictObject({
  cluster: ClusterSchema,
  at: Instant,
  since: z
    .nullable(Instant)
    .check(described("The list of grants has each that was approved from then on.")),
  startedFrom: Instant.check(
    described("Grants that began earlier are listed only where they are still open today."),
  ),
  standing: Standing,
  grants: z.array(GrantThen),
  findings: z.array(FindingSchema),
  entries: z.array(EntrySchema),
  leftOut: Whole.check(
    described("How many entries of the list of grants on this page have no sound record."),
  ),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<Loose>;
