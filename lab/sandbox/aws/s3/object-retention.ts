/** `GetObjectRetention` and `PutObjectRetention`. */
import { AwsError } from "../service.ts";
import { xmlMembers } from "../xml.ts";
import { bucketOf, ownerOf, type S3Call, type S3Context } from "./context.ts";
import { BYPASS, bypasses } from "./delete-object.ts";
import { noLockConfiguration, objectLocked } from "./errors.ts";
import { readableVersion } from "./get-object.ts";
import { checkedRetention, checkHeaders } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import type { Retention } from "./state.ts";
import { xmlDocument } from "./xml-document.ts";

export async function getObjectRetention(context: S3Context, call: S3Call): Promise<S3Output> {
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  const { retention } = await readableVersion(context, call, "GetObjectRetention");
  if (!bucketOf(context, call).isLockable) throw noLockConfiguration();
  if (retention === undefined)
    throw new AwsError(
      "NoSuchObjectLockConfiguration",
      404,
      "The specified object does not have a ObjectLock configuration",
    );
  const members = xmlMembers({ Mode: retention.mode, RetainUntilDate: retention.until });
  return { body: xmlDocument("Retention", members) };
}

/** Retention in force can be made longer by anybody who may, and otherwise only where governance is bypassed. */
export async function putObjectRetention(context: S3Context, call: S3Call): Promise<S3Output> {
  const { headers, body } = call.input;
  checkHeaders(headers, [BYPASS, "x-amz-checksum-*"], ownerOf(context, call));
  const version = await readableVersion(context, call, "PutObjectRetention");
  if (!bucketOf(context, call).isLockable) throw noLockConfiguration();
  const asked = retentionIn(body.bytes.toString("utf8"), call.now);
  const mayBypass = await bypasses(context, call);
  const { retention } = version;
  const isLocked = retention !== undefined && retention.until > call.now.toISOString();
  if (isLocked && !isLonger(retention, asked) && !(retention.mode === "GOVERNANCE" && mayBypass))
    throw objectLocked();
  context.s3.change(() => {
    if (asked === undefined) delete version.retention;
    else version.retention = asked;
  });
  return {};
}

const isLonger = (before: Retention, asked: Retention | undefined): boolean =>
  asked !== undefined && asked.mode === before.mode && asked.until >= before.until;

/** Undefined for an empty element, which takes the retention away. */
function retentionIn(xml: string, now: Date): Retention | undefined {
  if (!/<Retention[\s>/]/.test(xml)) throw malformed();
  const [, mode] = /<Mode>([^<]*)<\/Mode>/.exec(xml) ?? [];
  const [, until] = /<RetainUntilDate>([^<]*)<\/RetainUntilDate>/.exec(xml) ?? [];
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined) throw malformed();
  return checkedRetention(mode, until, now);
}

const malformed = () =>
  new AwsError(
    "MalformedXML",
    400,
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
