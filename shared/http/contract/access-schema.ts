/** The schema of the access that a caller may ask for: see `answer-schemas.ts`. */
import * as z from "zod/mini";
import { EXTENSION_APPROVALS } from "../../domain/policy/policy.ts";
import { WEEKDAYS } from "../../domain/values/local-time.ts";
import type { AccessAnswer, ExtendAnswer, HoursAnswer } from "./access-answer.ts";
import { Approvers, Requirements } from "./approver-schemas.ts";
import { OnCallNowSchema } from "./on-call-answer.ts";
import type { PolicyAnswer } from "./policy-answer.ts";
import { ReviewOfRule } from "./review-schemas.ts";
import { StoppedSchema } from "./stops-schema.ts";
import { TicketTermsSchema } from "./ticket-answer.ts";

const Text = z.string();
const Texts = z.array(Text);
const Whole = z.int();
const Instant = Text.check(z.meta({ format: "date-time" }));
const orNull = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

/** `HoursAnswer` */
export const HoursOfRule = z.strictObject({
  days: z.array(z.enum(WEEKDAYS)),
  from: Text,
  to: Text,
  timezone: Text,
  isOpen: z.boolean(),
  opensAt: orNull(Instant),
}) satisfies z.ZodMiniType<HoursAnswer>;

/** `ExtendAnswer` */
export const ExtendOfRule = z.strictObject({
  times: Whole,
  total: Text,
  totalSeconds: Whole,
  approval: z.enum(EXTENSION_APPROVALS),
}) satisfies z.ZodMiniType<ExtendAnswer>;

/** The members of a rule that are the same for everybody. */
const RULE = {
  rule: Text,
  clusters: Texts,
  access: z.union([
    z.strictObject({
      policies: Texts,
      scope: z.literal("cluster"),
      exactly: z.exactOptional(z.literal(true)),
    }),
    z.strictObject({ policies: Texts, namespaces: Texts, wildcards: z.boolean() }),
    z.strictObject({ groups: Texts }),
  ]),
  duration: z.strictObject({
    max: Text,
    maxSeconds: Whole,
    default: Text,
    defaultSeconds: Whole,
    minimum: Text,
    minimumSeconds: Whole,
  }),
  hours: orNull(HoursOfRule),
  atMost: orNull(z.strictObject({ times: Whole, per: Text, perSeconds: Whole })),
  start: z.strictObject({ latest: Text, latestSeconds: Whole }),
  lapse: Text,
  lapseSeconds: Whole,
  reason: z.strictObject({ minLength: Whole, ticket: orNull(Text) }),
  breakGlass: z.boolean(),
  onCall: z.exactOptional(Text),
  endsWithShift: z.exactOptional(z.literal(true)),
  ticket: z.exactOptional(TicketTermsSchema),
  endsWithTicket: z.exactOptional(z.literal(true)),
  extend: z.exactOptional(ExtendOfRule),
};

/** `AccessAnswer` */
export const AccessSchema = z.strictObject({
  person: Text,
  principals: Texts,
  clusters: z.array(
    z.strictObject({
      name: Text,
      arn: Text,
      obstacle: z.exactOptional(z.enum(["cluster-gone", "authentication-mode"])),
    }),
  ),
  rules: z.array(
    z.strictObject({
      ...RULE,
      requirements: Approvers,
      agents: z.exactOptional(Approvers),
      review: z.exactOptional(ReviewOfRule),
      principals: Texts,
    }),
  ),
  onCall: z.exactOptional(OnCallNowSchema),
  stopped: z.exactOptional(StoppedSchema),
}) satisfies z.ZodMiniType<AccessAnswer>;

/** `PolicyAnswer` */
export const PolicySchema = z.strictObject({
  hash: Text,
  rules: z.array(
    z.strictObject({
      ...RULE,
      who: z.strictObject({ people: Texts, groups: Texts }),
      requirements: Requirements,
      agents: z.exactOptional(Requirements),
      review: z.exactOptional(z.omit(ReviewOfRule, { people: true })),
      decideIn: z.array(z.enum(["api", "slack"])),
      delegable: z.boolean(),
    }),
  ),
  groups: z.array(z.strictObject({ name: Text, people: Texts, machines: Texts })),
  admins: Texts,
  auditors: Texts,
}) satisfies z.ZodMiniType<PolicyAnswer>;
