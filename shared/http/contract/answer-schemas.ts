/** The schemas of the API's answers, for its description and for tests. They fit the types that clients use. */
import * as z from "zod/mini";
import { AccessSchema, ExtendOfRule, HoursOfRule, PolicySchema } from "./access-schema.ts";
import type { PreviewAnswer, ProblemAnswer } from "./answers.ts";
import { Approvers } from "./approver-schemas.ts";
import { ClusterListSchema, StandingListSchema } from "./cluster-schema.ts";
import { DELEGATION_SCHEMAS } from "./delegation-schemas.ts";
import { AuditEventListSchema, EventListSchema } from "./event-schemas.ts";
import { EvidenceRecordListSchema, EvidenceSchema } from "./evidence-schema.ts";
import { FindingListSchema, FindingSchema } from "./finding-schema.ts";
import { OnCallFactSchema } from "./on-call-answer.ts";
import { PersonAccessSchema } from "./person-access-schema.ts";
import { ReachSchema } from "./reach-schema.ts";
import {
  AccessOfRequest,
  AskedSchema,
  GrantListSchema,
  RequestListSchema,
  RequestSchema,
} from "./request-schemas.ts";
import { ReviewOfRule } from "./review-schemas.ts";
import { StopsSchema } from "./stops-schema.ts";
import { TicketTermsSchema } from "./ticket-answer.ts";
import { WhoAmISchema } from "./who-am-i-schema.ts";

const Text = z.string();
const Texts = z.array(Text);
const Whole = z.int();
const Instant = Text.check(z.meta({ format: "date-time" }));
const orNull = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

const Remark = z.strictObject({ code: Text, detail: Text });
const Fault = z.strictObject({ pointer: Text, detail: Text });
const Refusals = z.array(z.strictObject({ rule: Text, objections: z.array(Remark) }));

const PreviewSchema = z.discriminatedUnion("allowed", [
  z.strictObject({
    allowed: z.literal(true),
    rule: Text,
    cluster: Text,
    clusterArn: Text,
    principalArn: Text,
    access: AccessOfRequest,
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
  Asked: AskedSchema,
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
