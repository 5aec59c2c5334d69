/** The schemas of the API's answers, for its description and for tests. They fit the types that clients use. */
import * as z from "zod/mini";
import { STATES } from "../../domain/requests/request.ts";
import { AccessSchema, ExtendOfRule, HoursOfRule, PolicySchema } from "./access-schema.ts";
import type {
  PreviewAnswer,
  ProblemAnswer,
  RequestAnswer,
  RequestList,
  RequestSummary,
} from "./answers.ts";
import { Approvers, DECIDING, NeedsWithoutPeople } from "./approver-schemas.ts";
import { ClusterListSchema, StandingListSchema } from "./cluster-schema.ts";
import { DELEGATION_SCHEMAS } from "./delegation-schemas.ts";
import { AuditEventListSchema, EventListSchema } from "./event-schemas.ts";
import { EvidenceRecordListSchema, EvidenceSchema } from "./evidence-schema.ts";
import { FindingListSchema, FindingSchema } from "./finding-schema.ts";
import type { GrantList } from "./grant-answer.ts";
import { Next } from "./next-schema.ts";
import { OnCallFactSchema } from "./on-call-answer.ts";
import { PersonAccessSchema } from "./person-access-schema.ts";
import { ReachSchema } from "./reach-schema.ts";
import { ASKER, BESIDE, EndProofSchema, EscalatedFromSchema } from "./request-member-schemas.ts";
import { ReviewOfRequest, ReviewOfRule } from "./review-schemas.ts";
import { StopsSchema } from "./stops-schema.ts";
import { TicketTermsSchema } from "./ticket-answer.ts";
import { WhoAmISchema } from "./who-am-i-schema.ts";

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
const Access = z.union([
  z.strictObject({ policy: Text, scope: Scope }),
  z.strictObject({ groups: Texts }),
]);
const Remark = z.strictObject({ code: Text, detail: Text });
const Fault = z.strictObject({ pointer: Text, detail: Text });
const Refusals = z.array(z.strictObject({ rule: Text, objections: z.array(Remark) }));

const RequestSchema = z.strictObject({
  id: Text,
  state: z.enum(STATES),
  version: Whole,
  digest: Digest,
  requester: Text,
  ...ASKER,
  cluster: Text,
  clusterArn: Text,
  principalArn: Text,
  access: Access,
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
        z.strictObject({ access: Access, duration: Text, durationSeconds: Whole, digest: Digest }),
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
  }),
  { needs: NeedsWithoutPeople },
) satisfies z.ZodMiniType<RequestSummary>;

const RequestListSchema = z.strictObject({
  requests: z.array(RequestSummarySchema),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<RequestList>;

const GrantListSchema = z.strictObject({
  requests: z.array(
    z.extend(RequestSummarySchema, {
      approvedAt: z.exactOptional(orNull(Instant)),
      effectiveAt: z.exactOptional(orNull(Instant)),
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

const PreviewSchema = z.discriminatedUnion("allowed", [
  z.strictObject({
    allowed: z.literal(true),
    rule: Text,
    cluster: Text,
    clusterArn: Text,
    principalArn: Text,
    access: Access,
    duration: Text,
    durationSeconds: Whole,
    startsAt: orNull(Instant),
    breakGlass: z.boolean(),
    review: z.exactOptional(ReviewOfRule),
    extend: z.exactOptional(ExtendOfRule),
    hours: orNull(HoursOfRule),
    requirements: Approvers,
    onCall: z.exactOptional(OnCallFactSchema),
    endsWithShift: z.exactOptional(z.literal(true)),
    ticket: z.exactOptional(Text),
    ticketTerms: z.exactOptional(TicketTermsSchema),
    endsWithTicket: z.exactOptional(z.literal(true)),
    permits: z.strictObject({
      summary: Text,
      rules: orNull(
        z.array(
          z.strictObject({
            apiGroups: Texts,
            resources: Texts,
            nonResourceURLs: Texts,
            verbs: Texts,
          }),
        ),
      ),
      source: orNull(Text),
      asOf: orNull(Text),
      note: orNull(Text),
    }),
    warnings: z.array(Remark),
  }),
  z.strictObject({
    allowed: z.literal(false),
    problem: Text,
    detail: Text,
    refusals: Refusals,
    errors: z.array(Fault),
  }),
]) satisfies z.ZodMiniType<PreviewAnswer>;

/** Some codes add facts of their own; see `docs/problems.md`. */
export const ProblemSchema = z.looseObject({
  type: Text.check(z.regex(/^urn:timelatch:problem:[a-z-]+$/)),
  title: Text,
  status: Whole,
  detail: z.exactOptional(Text),
  instance: z.exactOptional(Text),
  errors: z.exactOptional(z.array(Fault)),
  refusals: z.exactOptional(Refusals),
}) satisfies z.ZodMiniType<ProblemAnswer>;

/** Every schema, by its name in the description. */
export const ANSWER_SCHEMAS = {
  Request: RequestSchema,
  RequestList: RequestListSchema,
  GrantList: GrantListSchema,
  EventList: EventListSchema,
  AuditEventList: AuditEventListSchema,
  Evidence: EvidenceSchema,
  EvidenceRecordList: EvidenceRecordListSchema,
  Finding: FindingSchema,
  FindingList: FindingListSchema,
  ClusterList: ClusterListSchema,
  StandingList: StandingListSchema,
  Reach: ReachSchema,
  ...DELEGATION_SCHEMAS,
  WhoAmI: WhoAmISchema,
  Policy: PolicySchema,
  Access: AccessSchema,
  Preview: PreviewSchema,
  PersonAccess: PersonAccessSchema,
  Stops: StopsSchema,
  Problem: ProblemSchema,
};

export type AnswerName = keyof typeof ANSWER_SCHEMAS;
