import { xmlElement, xmlMembers } from "../xml.ts";
import { bucketOf, demandOn, ownerOf, type S3Call, type S3Context } from "./context.ts";
import { invalidArgument } from "./errors.ts";
import { checkHeaders } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import { type BucketState, latestVersion, type ObjectVersion } from "./state.ts";
import { xmlDocument } from "./xml-document.ts";

const MOST_KEYS = 1000;

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Only what is behind this key or common prefix. */
  readonly after: string;
}

/** `ListObjectsV2`: keys in the order of their UTF-8 bytes; delete markers hide theirs. */
export async function listObjectsV2(context: S3Context, call: S3Call): Promise<S3Output> {
  const { bucket: name, headers, query } = call.input;
  const bucket = bucketOf(context, call);
  checkHeaders(headers, [], ownerOf(context, call));
  const listing = listingOf(query);
  await demandOn(context, call, "ListBucket", {
    "s3:prefix": listing.prefix,
    "s3:max-keys": String(listing.maxKeys),
    ...(listing.delimiter === "" ? {} : { "s3:delimiter": listing.delimiter }),
  });
  const found = entriesOf(bucket, listing);
  const page = found.slice(0, listing.maxKeys);
  const last = page.at(-1);
  const isTruncated = last !== undefined && found.length > page.length;
  const text = query["encoding-type"] === "url" ? urlText : (plain: string) => plain;
  const content =
    xmlMembers({
      Name: name,
      Prefix: text(listing.prefix),
      Delimiter: query["delimiter"] && text(query["delimiter"]),
      StartAfter: query["start-after"] && text(query["start-after"]),
      ContinuationToken: query["continuation-token"],
      EncodingType: query["encoding-type"],
      MaxKeys: listing.maxKeys,
      KeyCount: page.length,
      IsTruncated: isTruncated,
      NextContinuationToken: isTruncated ? tokenOf(last.name) : undefined,
    }) + page.map((entry) => entryXml(entry, text)).join("");
  return { body: xmlDocument("ListBucketResult", content) };
}

function listingOf(query: S3Call["input"]["query"]): Listing {
  const given = query["max-keys"] ?? String(MOST_KEYS);
  if (!/^\d{1,9}$/.test(given))
    throw invalidArgument("Provided max-keys not an integer or within integer range", "max-keys");
  const token = query["continuation-token"];
  const encoding = query["encoding-type"];
  if (encoding !== undefined && encoding !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type");
  return {
    prefix: query["prefix"] ?? "",
    delimiter: query["delimiter"] ?? "",
    maxKeys: Math.min(Number(given), MOST_KEYS),
    after: token === undefined ? (query["start-after"] ?? "") : keyIn(token),
  };
}

/** A key, or the common prefix of several. */
interface Entry {
  readonly name: string;
  readonly version?: ObjectVersion;
}

function entriesOf(bucket: BucketState, { prefix, delimiter, after }: Listing): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of Object.keys(bucket.objects).sort(byBytes)) {
    const version = latestVersion(bucket, key);
    if (!key.startsWith(prefix) || version === undefined || version.isDeleteMarker) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (after === "" || byBytes(name, after) > 0)
      entries.set(name, end < 0 ? { name, version } : { name });
  }
  return [...entries.values()];
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function entryXml({ name, version }: Entry, text: (plain: string) => string): string {
  if (version === undefined) return xmlElement("CommonPrefixes", { Prefix: text(name) });
  const algorithm = Object.keys(version.checksum)[0]?.replace("x-amz-checksum-", "").toUpperCase();
  return xmlElement("Contents", {
    Key: text(name),
    LastModified: version.modifiedAt,
    ETag: version.etag,
    ChecksumAlgorithm: algorithm,
    ChecksumType: "FULL_OBJECT",
    Size: version.size,
    StorageClass: "STANDARD",
  });
}

const urlText = (plain: string): string => encodeURIComponent(plain).replaceAll("%2F", "/");

const MARK = "after:";
const tokenOf = (key: string): string => Buffer.from(`${MARK}${key}`).toString("base64");

/** @throws AwsError InvalidArgument for what no listing answered */
function keyIn(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith(MARK) || tokenOf(text.slice(MARK.length)) !== token)
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token");
  return text.slice(MARK.length);
}
