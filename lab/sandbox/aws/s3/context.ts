/** The first step of every operation of S3: it finds the bucket, and checks permissions. */
import { accessDenied } from "../authorize.ts";
import type { IamState } from "../iam/state.ts";
import type { Context } from "../policy-simulation.ts";
import { decideWithPolicy } from "../resource-policy.ts";
import { AwsError, type Call, type PermissionCheck } from "../service.ts";
import type { Store } from "../store.ts";
import { elsewhere, noSuchBucket, noSuchKey } from "./errors.ts";
import type { S3Input } from "./request-input.ts";
import type { BlobStore, BucketState, S3State } from "./state.ts";

export interface S3Context {
  readonly s3: Store<S3State>;
  readonly blobs: BlobStore;
  readonly iam: Store<IamState>;
  readonly account: string;
  readonly region: string;
}

export type S3Call = Call<S3Input>;

/** @throws AwsError NoSuchBucket, and PermanentRedirect for a bucket of another region */
export function bucketOf(
  { s3, region }: S3Context,
  { input: { bucket: name } }: S3Call,
): BucketState {
  const { buckets } = s3.state;
  const found = Object.hasOwn(buckets, name) ? buckets[name] : undefined;
  if (found === undefined) throw noSuchBucket(name);
  if (found.region !== undefined && found.region !== region) throw elsewhere(name, found.region);
  return found;
}

/** The account that the call's bucket belongs to. */
export function ownerOf(context: S3Context, { input: { bucket } }: S3Call): string {
  return context.s3.state.buckets[bucket]?.account ?? context.account;
}

const bucketArn = (name: string) => `arn:aws:s3:::${name}`;

/** The ARN of the object that the call is about, or of the bucket if it is about that. */
const resourceOf = ({ bucket, key }: S3Input) =>
  key === "" ? bucketArn(bucket) : `${bucketArn(bucket)}/${key}`;

/** Passes if bucket policy and IAM policies allow the action. @throws AwsError AccessDenied */
export async function demandOn(
  context: S3Context,
  call: S3Call,
  action: string,
  keys: Context = {},
): Promise<void> {
  const check = { action: `s3:${action}`, resource: resourceOf(call.input), context: keys };
  const decision = await decideOn(context, call, check);
  if (decision !== "Allowed") throw accessDenied(call.caller, check, decision, "s3");
}

/** Whether the caller may do what the answer to this call depends on. */
export async function mayOn(context: S3Context, call: S3Call, action: string): Promise<boolean> {
  const resource = resourceOf(call.input);
  return (await decideOn(context, call, { action: `s3:${action}`, resource })) === "Allowed";
}

function decideOn(context: S3Context, call: S3Call, asked: PermissionCheck) {
  const bucket = bucketOf(context, call);
  const owner = ownerOf(context, call);
  // A bucket's ARN does not say whose it is.
  const own = { "aws:ResourceAccount": owner, "s3:ResourceAccount": owner };
  const check = { ...asked, context: { ...own, ...asked.context } };
  const statements = bucket.policies.flatMap((policy) => [policy["Statement"]].flat());
  // For another account's callers only the bucket's own policy opens it.
  if (statements.length === 0 && call.caller.accountId !== owner)
    return Promise.resolve("ImplicitlyDenied" as const);
  return decideWithPolicy(context.iam.state, {
    caller: call.caller,
    now: call.now,
    check,
    ...(statements.length === 0
      ? {}
      : { policy: { Version: "2012-10-17", Statement: statements } }),
  });
}

/** A caller who may not list a bucket does not learn which keys it lacks. */
export async function missingKey(context: S3Context, call: S3Call): Promise<AwsError> {
  const bucket = { ...call, input: { ...call.input, key: "" } };
  return (await mayOn(context, bucket, "ListBucket"))
    ? noSuchKey(call.input.key)
    : new AwsError("AccessDenied", 403, "Access Denied");
}
