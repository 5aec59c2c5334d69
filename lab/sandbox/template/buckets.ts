/** Reads the template's S3 buckets with their policies. */
import { isObject, type Members, membersOf } from "./json.ts";
import { refuse } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { BucketResource } from "./stack.ts";

const DAYS_A_YEAR = 365;
const MODES = ["GOVERNANCE", "COMPLIANCE"] as const;

/** @throws Error for settings that are not emulated or that S3 refuses, naming the bucket */
export const bucketsOf = (template: ResolvedTemplate): readonly BucketResource[] =>
  template
    .ofType("AWS::S3::Bucket")
    .map((one) => bucket(one, template.ofType("AWS::S3::BucketPolicy")));

function bucket(resource: ResolvedResource, policies: readonly ResolvedResource[]): BucketResource {
  const { properties, ref: name } = resource;
  const status = properties.members("VersioningConfiguration").optionalText("Status");
  const isLockable = properties.flag("ObjectLockEnabled", false);
  if (status === "Suspended") refuse(resource, "suspended versioning");
  const lock = defaultRetention(resource);
  if (lock !== undefined && !isLockable) refuse(resource, "ObjectLockConfiguration alone");
  return {
    name,
    // Object Lock switches versioning on.
    isVersioned: status === "Enabled" || isLockable,
    isLockable,
    ...(lock === undefined ? {} : { defaultRetention: lock }),
    policies: policies
      .filter((policy) => policy.properties.text("Bucket") === name)
      .map((policy) => policy.properties.object("PolicyDocument")),
  };
}

function defaultRetention(resource: ResolvedResource): BucketResource["defaultRetention"] {
  const rule = resource.properties.members("ObjectLockConfiguration").raw("Rule");
  if (!isObject(rule)) return undefined;
  const members = membersOf(`${resource.logicalId}: Rule`, rule).members("DefaultRetention");
  const mode = MODES.find((one) => one === members.text("Mode"));
  const days = daysOf(members);
  if (mode === undefined || days < 1) return refuse(resource, "this default retention");
  return { mode, days };
}

const daysOf = (members: Members): number =>
  members.number("Days", 0) + members.number("Years", 0) * DAYS_A_YEAR;
