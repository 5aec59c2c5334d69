/** The schemas of requests in the API's answers, one by one and in lists. */
import * as z from "zod/mini";
import { MOST_PARTS } from "../../domain/policy/asked-together.ts";
import { STATES } from "../../domain/requests/request.ts";
import { ExtendOfRule } from "./access-schema.ts";
import type { RequestAnswer, RequestList, RequestSummary } from "./answers.ts";
import { DECIDING, NeedsWithoutPeople } from "./approver-schemas.ts";
import type { AskedAnswer } from "./asked-answer.ts";
import type { GrantList } from "./grant-answer.ts";
import { Next } from "./next-schema.ts";
import { OnCallFactSchema } from "./on-call-answer.ts";
import { ASKER, BESIDE, EndProofSchema, EscalatedFromSchema } from "./request-member-schemas.ts";
import { ReviewOfRequest } from "./review-schemas.ts";

const Text = z.string();
const Texts = z.array(Text);
const Whole = z.int();
const Instant = Text.check(z.meta({ format: "date-time" }));
const Digest = Text.check(z.regex(/^[0-9a-f]{64}$/));
const orNull = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

const Scope = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("cluster") }),
  z.strictObject({ type: z.literal("namespace"), namespaces: Texts }),
]);
export const AccessOfRequest = z.union([
  z.strictObject({ policy: Text, scope: Scope }),
  z.strictObject({ groups: Texts }),
]);
const Remark = z.strictObject({ code: Text, detail: Text });

export const RequestSchema = z.strictObject({
  id: Text,
  state: z.enum(STATES),
  version: Whole,
  digest: Digest,
  requester: Text,
  ...ASKER,
  cluster: Text,
  clusterArn: Text,
  principalArn: Text,
  access: AccessOfRequest,
  rule: Text,
  breakGlass: z.boolean(),
  review: z.exactOptional(ReviewOfRequest),
  duration: Text,
  durationSeconds: Whole,
  reason: Text,
  ...DECIDING,
  ticket: z.exactOptional(Text),
  onCall: z.exactOptional(OnCallFactSchema),
  approvals: z.array(
    z.strictObject({
      person: Text,
      onBehalfOf: z.exactOptional(Text),
      at: Instant,
      note: z.exactOptional(Text),
      digest: z.exactOptional(
        Digest.check(
          z.meta({ description: "Of the terms approved; where the terms changed since." }),
        ),
      ),
    }),
  ),
  earlierTerms: z.exactOptional(
    z
      .array(
        z.strictObject({
          access: AccessOfRequest,
          duration: Text,
          durationSeconds: Whole,
          digest: Digest,
        }),
      )
      .check(
        z.meta({
          description:
            "The terms before each approval for less, the oldest first: what was asked for. Only where somebody approved for less.",
        }),
      ),
  ),
  escalatedFrom: z.exactOptional(EscalatedFromSchema),
  extends: z.exactOptional(Text),
  until: z.exactOptional(Instant),
  extendedBy: z.exactOptional(Text),
  extend: z.exactOptional(ExtendOfRule),
  startsAt: orNull(Instant),
  createdAt: Instant,
  lapsesAt: Instant,
  approvedAt: orNull(Instant),
  effectiveAt: orNull(Instant),
  revokeAt: orNull(Instant),
  expiresAt: orNull(Instant),
  endedAt: orNull(Instant),
  endProof: z.exactOptional(EndProofSchema),
  outcome: orNull(Remark),
  ...BESIDE,
}) satisfies z.ZodMiniType<RequestAnswer>;

/** The fields of a request that a list leaves out, so that a page stays small. */
const RequestSummarySchema = z.extend(
  z.omit(RequestSchema, {
    version: true,
    digest: true,
    clusterArn: true,
    owners: true,
    requirements: true,
    needs: true,
    onCall: true,
    decideIn: true,
    approvals: true,
    earlierTerms: true,
    extend: true,
    approvedAt: true,
    effectiveAt: true,
    remaining: true,
    undeliverable: true,
    blocks: true,
    ticketIs: true,
    activity: true,
  }),
  { needs: NeedsWithoutPeople },
) satisfies z.ZodMiniType<RequestSummary>;

export const RequestListSchema = z.strictObject({
  requests: z.array(RequestSummarySchema),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<RequestList>;

export const GrantListSchema = z.strictObject({
  requests: z.array(
    z.extend(RequestSummarySchema, {
      approvedAt: z.exactOptional(orNull(Instant)),
      effectiveAt: z.exactOptional(orNull(Instant)),
      approvedBy: z.exactOptional(Texts),
    }),
  ),
  since: z.exactOptional(
    orNull(Instant).check(
      z.meta({
        description:
          "Where view is all: every grant that was approved from then on is in the list; null before the first one.",
      }),
    ),
  ),
  leftOut: z.exactOptional(
    Whole.check(
      z.meta({
        description:
          "Where view is all: entries of this page whose records are not as they should be.",
      }),
    ),
  ),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<GrantList>;

export const AskedSchema = z.strictObject({
  requests: z.array(RequestSchema).check(z.minLength(2), z.maxLength(MOST_PARTS)),
}) satisfies z.ZodMiniType<AskedAnswer>;
