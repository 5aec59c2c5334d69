/** Holds events of OCSF to the schema, and to what the export promises beyond it. */
import { expect } from "vitest";
import * as z from "zod/mini";
import type { OcsfEvent } from "../../../../../shared/domain/evidence/ocsf/ocsf-parts.ts";
import { breachesOf } from "./ocsf-validator.ts";

const text = z.string().check(z.minLength(1));

const cluster = z.strictObject({
  uid: text,
  name: text,
  type: z.literal("AWS::EKS::Cluster"),
  region: text,
  role_id: z.literal(1),
});
const principal = z.strictObject({
  uid: text,
  type: z.enum(["AWS::IAM::Role", "AWS::IAM::User"]),
  role_id: z.literal(3),
});

/** Every event has a place and the version of its mapper. */
const EVERY = {
  time: z.number().check(z.gt(1_700_000_000_000)),
  time_dt: z.iso.datetime(),
  metadata: z.looseObject({
    version: z.literal("1.8.0"),
    product: z.strictObject({ name: text, vendor_name: text }),
    profiles: z.tuple([z.literal("cloud"), z.literal("datetime")]),
    log_version: z.literal("3"),
    uid: text,
    correlation_uid: text,
    sequence: z.number(),
  }),
  cloud: z.strictObject({
    provider: z.literal("AWS"),
    region: text,
    account: z.strictObject({ uid: z.string().check(z.length(12)), type_id: z.literal(10) }),
  }),
};
const hashes = { hash: text, previous_hash: text };
const step = {
  ...EVERY,
  message: text,
  status_detail: text,
  unmapped: z.looseObject({ ...hashes, policy_hash: text }),
};
const resources = z.array(z.union([cluster, principal]));

/** The promises by class. */
const PROMISES = {
  2004: z.looseObject({ ...EVERY, message: text, resources, unmapped: z.looseObject(hashes) }),
  3004: z.looseObject(step),
  3005: z.looseObject({ ...step, resources, privileges: z.array(text).check(z.minLength(1)) }),
  6003: z.looseObject({
    ...EVERY,
    resources,
    api: z.looseObject({ service: z.strictObject({ name: z.literal("eks.amazonaws.com") }) }),
    unmapped: z.optional(z.looseObject(hashes)),
  }),
} as const;

/** That the event, as it is written, breaks neither the schema of its class nor a promise. */
export function checkOcsf(event: OcsfEvent): void {
  const written = JSON.parse(JSON.stringify(event));
  expect(breachesOf(written)).toEqual([]);
  const promise = PROMISES[event.class_uid as keyof typeof PROMISES];
  expect(z.safeParse(promise, written).error?.issues ?? []).toEqual([]);
}
