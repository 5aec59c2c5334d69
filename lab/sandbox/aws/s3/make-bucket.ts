/** The operations that make and delete a bucket, as whoever deploys without a template does. */
import { accessDenied } from "../authorize.ts";
import { decideWithPolicy } from "../resource-policy.ts";
import { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import { bucketOf, demandOn, ownerOf, type S3Call, type S3Context } from "./context.ts";
import { checkHeaders } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import type { BucketState, S3State } from "./state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * `CreateBucket`: one of the caller's account, in the region that is called.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export async function createBucket(context: S3Context, call: S3Call): Promise<S3Output> {
  const { s3, region } = context;
  const { bucket: name, headers, body } = call.input;
  const { accountId: account } = call.caller;
  checkHeaders(headers, [], account);
  if (!NAME.test(name))
    throw new AwsError("InvalidBucketName", 400, "The specified bucket is not valid.");
  await demandCreate(context, call);
  const [, asked = "us-east-1"] =
    /<LocationConstraint>([^<]*)</.exec(body.bytes.toString("utf8")) ?? [];
  if (asked !== region)
    throw new AwsError(
      "IllegalLocationConstraintException",
      400,
      `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  if (Object.hasOwn(s3.state.buckets, name)) throw taken(ownerOf(context, call) === account);
  s3.change(({ buckets }) => {
    const plain = { isVersioned: false, isLockable: false, policies: [], objects: {} };
    buckets[name] = { name, account, region, ...plain };
  });
  return { headers: { location: `http://${name}.s3.amazonaws.com/` } };
}

/** `DeleteBucket`. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export async function deleteBucket(context: S3Context, call: S3Call): Promise<S3Output> {
  const { name, objects } = bucketOf(context, call);
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  await demandOn(context, call, "DeleteBucket");
  if (Object.keys(objects).length > 0)
    throw new AwsError("BucketNotEmpty", 409, "The bucket you tried to delete is not empty");
  context.s3.change(({ buckets }) => {
    delete buckets[name];
  });
  return { status: 204 };
}

/** There is no bucket yet whose policy could take part. */
async function demandCreate({ iam }: S3Context, { input, caller, now }: S3Call): Promise<void> {
  const check = { action: "s3:CreateBucket", resource: `arn:aws:s3:::${input.bucket}` };
  const decision = await decideWithPolicy(iam.state, { caller, now, check });
  if (decision !== "Allowed") throw accessDenied(caller, check, decision, "s3");
}

const taken = (isOwn: boolean) =>
  isOwn
    ? new AwsError(
        "BucketAlreadyOwnedByYou",
        409,
        "Your previous request to create the named bucket succeeded and you already own it.",
      )
    : new AwsError(
        "BucketAlreadyExists",
        409,
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
      );

/** A bucket of the template. */
export type BucketDeclaration = Omit<BucketState, "objects">;

/**
 * Brings buckets of the template into being. One that is there keeps its objects and their
 * retention; no bucket is ever deleted.
 */
export function declareBuckets(
  store: Store<S3State>,
  declarations: readonly BucketDeclaration[],
): void {
  store.change(({ buckets }) => {
    for (const declared of declarations)
      buckets[declared.name] = {
        ...declared,
        objects: buckets[declared.name]?.objects ?? {},
      };
  });
}
