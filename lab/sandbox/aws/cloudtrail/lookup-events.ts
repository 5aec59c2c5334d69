import { createHash } from "node:crypto";
import type { Call } from "../service.ts";
import { type AttributeKey, invalidNextToken, type Lookup, lookupOf } from "./lookup-input.ts";
import type { TrailHistory } from "./state.ts";
import type { TrailRecord } from "./trail-record.ts";

/** `LookupEvents`: the events that were delivered, those that only read among them, newest first. */
export function lookupEvents(history: TrailHistory, call: Call) {
  const lookup = lookupOf(call);
  const found = history.records
    .map((record, position) => ({ record, position, at: Date.parse(record.eventTime) / 1000 }))
    .filter(({ record, at }) => isFound(lookup, record, at))
    .sort((a, b) => b.at - a.at || b.position - a.position);
  const digest = parametersDigest(call.input);
  const start = lookup.nextToken === undefined ? 0 : after(found, lookup.nextToken, digest);
  const page = found.slice(start, start + lookup.maxResults);
  const last = page.at(-1);
  return {
    Events: page.map(({ record, at }) => eventOf(record, at)),
    ...(last !== undefined && start + page.length < found.length
      ? { NextToken: tokenOf(digest, last.record.eventID) }
      : {}),
  };
}

const ATTRIBUTES: Readonly<Record<AttributeKey, (record: TrailRecord) => readonly string[]>> = {
  EventId: ({ eventID }) => [eventID],
  EventName: ({ eventName }) => [eventName],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  Username: (record) => [usernameOf(record)],
  ResourceType: (record) => resourcesOf(record).map(({ ResourceType }) => ResourceType),
  ResourceName: (record) => resourcesOf(record).map(({ ResourceName }) => ResourceName),
  EventSource: ({ eventSource }) => [eventSource],
  AccessKeyId: (record) => keysOf(record),
};

/** An IAM record names its resource only in its parameters. */
const IAM_RESOURCES: Readonly<Record<string, string>> = {
  roleName: "AWS::IAM::Role",
  policyName: "AWS::IAM::Policy",
  policyArn: "AWS::IAM::Policy",
};

const resourcesOf = ({ resources = [], eventSource, requestParameters }: TrailRecord) => [
  ...resources.map(({ type, ARN }) => ({ ResourceType: type, ResourceName: ARN })),
  ...Object.entries(eventSource === "iam.amazonaws.com" ? (requestParameters ?? {}) : {})
    .filter(([name]) => Object.hasOwn(IAM_RESOURCES, name))
    .map(([name, value]) => ({
      ResourceType: IAM_RESOURCES[name] ?? "",
      ResourceName: String(value),
    })),
];

function isFound({ attribute, from, to }: Lookup, record: TrailRecord, at: number): boolean {
  if (at < from || at > to) return false;
  return attribute === undefined || ATTRIBUTES[attribute.key](record).includes(attribute.value);
}

/** The username of a role's session is the session's name, and that of a token its subject. */
const usernameOf = ({ userIdentity }: TrailRecord): string => {
  if (userIdentity.type === "WebIdentityUser") return userIdentity.userName;
  return userIdentity.type === "Unknown" ? "" : (userIdentity.arn.split("/").at(-1) ?? "");
};

/** The key of whoever called; none for those who have no key. */
const keysOf = ({ userIdentity }: TrailRecord): readonly string[] =>
  userIdentity.type === "AssumedRole" && userIdentity.accessKeyId !== undefined
    ? [userIdentity.accessKeyId]
    : [];

function eventOf(record: TrailRecord, at: number) {
  const [accessKeyId] = keysOf(record);
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(accessKeyId === undefined ? {} : { AccessKeyId: accessKeyId }),
    EventTime: at,
    EventSource: record.eventSource,
    Username: usernameOf(record),
    Resources: resourcesOf(record),
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** A token goes with the parameters of the call that answered it. */
function parametersDigest(input: Readonly<Record<string, unknown>>): string {
  const { NextToken: _token, ...parameters } = input;
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("base64url");
}

const tokenOf = (digest: string, lastEventId: string): string =>
  Buffer.from(`${digest}.${lastEventId}`).toString("base64");

/** The start of the page after the token's. @throws AwsError InvalidNextTokenException */
function after(
  found: readonly { readonly record: TrailRecord }[],
  token: string,
  digest: string,
): number {
  const [asked, eventId] = Buffer.from(token, "base64").toString("utf8").split(".");
  const at = found.findIndex(({ record }) => record.eventID === eventId);
  if (asked !== digest || at < 0) throw invalidNextToken();
  return at + 1;
}
