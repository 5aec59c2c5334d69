/**
 * Schemas of our own for the classes of OCSF 1.8.0 in use, made from its published requirements.
 * https://schema.ocsf.io/1.8.0
 */
import { expect } from "vitest";
import * as z from "zod/mini";
import type { OcsfEvent } from "../../../../../shared/domain/evidence/ocsf/ocsf-parts.ts";

/** OCSF 1.8.0: the enumerations that the classes in use have, and what they require. */
const ACTIVITIES: Readonly<Record<number, readonly number[]>> = {
  2004: [0, 1, 2, 3, 99],
  3004: [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 99],
  3005: [0, 1, 2, 99],
  6003: [0, 1, 2, 3, 4, 99],
};
const SEVERITIES = [0, 1, 2, 3, 4, 5, 6, 99];
const STATUSES = [0, 1, 2, 99];
const FINDING_STATUSES = [0, 1, 2, 3, 4, 5, 6, 99];
const USER_TYPES = [0, 1, 2, 3, 4, 99];
const ACCOUNT_TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 99];
const RESOURCE_ROLES = [0, 1, 2, 3, 4, 99];

const oneOf = (values: readonly number[]) =>
  z.number().check(z.refine((value) => values.includes(value)));
const text = z.string().check(z.minLength(1));
const user = z.strictObject({ name: text, uid: z.optional(text), type_id: oneOf(USER_TYPES) });
const cluster = z.strictObject({
  uid: text,
  name: text,
  type: z.literal("AWS::EKS::Cluster"),
  region: text,
  role_id: oneOf(RESOURCE_ROLES),
});
const principal = z.strictObject({
  uid: text,
  type: z.enum(["AWS::IAM::Role", "AWS::IAM::User"]),
  role_id: oneOf(RESOURCE_ROLES),
});
const resources = z.array(z.union([cluster, principal]));

const cloud = z.strictObject({
  provider: z.literal("AWS"),
  region: text,
  account: z.strictObject({ uid: z.string().check(z.length(12)), type_id: oneOf(ACCOUNT_TYPES) }),
});

const call = {
  actor: z.strictObject({ user, session: z.optional(z.strictObject({ uid: text })) }),
  api: z.strictObject({
    operation: text,
    service: z.strictObject({ name: z.literal("eks.amazonaws.com") }),
    request: z.optional(z.strictObject({ uid: text })),
    response: z.optional(z.strictObject({ error: text })),
  }),
  src_endpoint: z.union([z.strictObject({ ip: text }), z.strictObject({ svc_name: text })]),
};

const base = (category: number, classUid: number) => ({
  category_uid: z.literal(category),
  class_uid: z.literal(classUid),
  activity_id: oneOf(ACTIVITIES[classUid] ?? []),
  type_uid: z.number(),
  severity_id: oneOf(SEVERITIES),
  status_id: oneOf(STATUSES),
  status_code: z.optional(text),
  time: z.number().check(z.gt(1_700_000_000_000)),
  time_dt: z.iso.datetime(),
  metadata: z.strictObject({
    version: z.literal("1.8.0"),
    product: z.strictObject({ name: text, vendor_name: text }),
    profiles: z.tuple([z.literal("cloud"), z.literal("datetime")]),
    log_version: text,
    uid: text,
    correlation_uid: text,
    sequence: z.number(),
    original_event_uid: z.optional(text),
  }),
  cloud,
  resources,
});

const iam = (classUid: number) => ({
  ...base(3, classUid),
  message: text,
  status_detail: text,
  actor: z.strictObject({ user }),
  unmapped: z.strictObject({ hash: text, previous_hash: text, policy_hash: text }),
});

const entity = z.strictObject({
  type: text,
  uid: text,
  name: z.optional(text),
  version: z.optional(text),
  data: z.optional(z.looseObject({})),
});

/**
 * Class 3004 has no `resources`, in itself (events/iam/entity_management.json), in what it extends
 * (events/iam/iam.json, events/base_event.json) or in the profiles in use.
 * https://github.com/ocsf/ocsf-schema/tree/1.8.0/events
 */
const { resources: _none, ...managed } = iam(3004);

const SCHEMAS = {
  3004: z.strictObject({
    ...managed,
    entity,
    entity_result: entity,
    comment: z.optional(text),
  }),
  3005: z.strictObject({
    ...iam(3005),
    user,
    privileges: z.array(text).check(z.minLength(1)),
  }),
  6003: z.strictObject({
    ...base(6, 6003),
    ...call,
    message: z.optional(text),
    unmapped: z.optional(z.looseObject({ hash: text, previous_hash: text })),
  }),
  2004: z.strictObject({
    ...base(2, 2004),
    status_id: oneOf(FINDING_STATUSES),
    status: z.optional(text),
    // Nobody knows where a call was made that names neither a cluster nor an account.
    cloud: z.optional(cloud),
    message: text,
    comment: z.optional(text),
    start_time: z.optional(z.number()),
    finding_info: z.strictObject({
      uid: text,
      title: text,
      types: z.optional(z.array(text)),
      created_time: z.optional(z.number()),
    }),
    evidences: z.optional(
      z.array(z.strictObject({ ...z.partial(z.object(call)).shape, data: z.looseObject({}) })),
    ),
    unmapped: z.looseObject({ hash: text, previous_hash: text }),
  }),
} as const;

/** That the event has what its class requires, in the right form, and nothing that its class has not. */
export function checkOcsf(event: OcsfEvent): void {
  const schema = SCHEMAS[event.class_uid as keyof typeof SCHEMAS];
  expect(z.safeParse(schema, event).error?.issues ?? []).toEqual([]);
  expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
  expect(Math.floor(event.class_uid / 1000)).toBe(event.category_uid);
}
