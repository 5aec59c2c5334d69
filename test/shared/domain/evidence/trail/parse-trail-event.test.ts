import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  busEvent,
  RECORD,
  recordWith,
} from "../../../../../lab/fakes/raw-trail-events.ts";
import {
  readBusEvent,
  readListedEvent,
} from "../../../../../shared/domain/evidence/trail/parse-trail-event.ts";
import type { TrailEvent } from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { ALICE, anEvent, CLUSTER, MALLORY, VIEW } from "../samples.ts";

const read = (changes: Readonly<Record<string, unknown>>) =>
  readBusEvent(busEvent(recordWith(changes)), ACCOUNTS);

function eventOf(changes: Readonly<Record<string, unknown>>): TrailEvent {
  const reading = read(changes);
  if (!("event" in reading)) throw new Error(reading.because);
  return reading.event;
}

const refusalOf = (reading: ReturnType<typeof read>) =>
  "refused" in reading ? reading.refused : "read";

const parameters = (changes: Readonly<Record<string, unknown>>) => ({
  requestParameters: { ...RECORD.requestParameters, ...changes },
});

const identity = (changes: Readonly<Record<string, unknown>>) => ({
  userIdentity: { ...RECORD.userIdentity, ...changes },
});

describe("Events of CloudTrail", () => {
  it("The event is normalised: ARNs decoded, the cluster from name, time with milliseconds", () => {
    const event = eventOf({});
    expect(event).toEqual({ ...anEvent(), sha256: event.sha256 });
  });

  it("Only a hash of secret fields is kept", () => {
    const secret = { sessionToken: "SECRET", secretAccessKey: "SECRET" };
    const { sessionContext } = RECORD.userIdentity;
    const record = recordWith({
      responseElements: { credentials: secret, accessEntry: secret },
      additionalEventData: secret,
      errorMessage: "SECRET",
      serviceEventDetails: secret,
      ...parameters({ ...secret, clientRequestToken: "SECRET", tags: secret }),
      ...identity({ ...secret, sessionContext: { ...sessionContext, ...secret } }),
    });
    expect(JSON.stringify(record).split("SECRET").length).toBeGreaterThan(10);
    const reading = readBusEvent(busEvent(record), ACCOUNTS);
    expect(JSON.stringify(reading)).toContain("AssociateAccessPolicy");
    expect(JSON.stringify(reading)).not.toContain("SECRET");
  });

  it("EventBridge, a queue's text and LookupEvents give the same event with the same hash", () => {
    const reordered = Object.fromEntries(Object.entries(RECORD).reverse());
    const text = JSON.stringify(reordered, null, 2).replace("1764000000,", "1764000000.0,");
    expect(text).toContain("1764000000.0");
    const event = eventOf({});
    expect(readListedEvent(text, ACCOUNTS)).toEqual({ event });
    expect(readBusEvent(JSON.stringify(busEvent()), ACCOUNTS)).toEqual({ event });
    expect(event.sha256).toBe("164ff82b26f92d0d96692f4d8776077d1c0471209930692c17034a63141aa4e5");
  });

  it("A changed byte of the record changes its hash", () => {
    expect(eventOf({ eventCategory: "management" }).sha256).not.toBe(eventOf({}).sha256);
  });

  it.each<[string, Readonly<Record<string, unknown>>, Partial<TrailEvent>]>([
    ["a plain ARN", parameters({ principalArn: ALICE }), { principalArn: ALICE }],
    [
      "a policy ARN in lower-case encoding",
      parameters({
        policyArn: encodeURIComponent(VIEW)
          .toLowerCase()
          .replaceAll("amazoneksviewpolicy", "AmazonEKSViewPolicy"),
      }),
      { policyArn: VIEW },
    ],
    [
      "a percent sign that encodes no colon",
      parameters({ principalArn: `${ALICE}%2F` }),
      { principalArn: `${ALICE}%2F` },
    ],
    [
      "the alias clusterName",
      parameters({ name: undefined, clusterName: "prod" }),
      { clusterArn: CLUSTER },
    ],
    [
      "the scope cluster",
      parameters({ accessScope: { type: "cluster" } }),
      { scope: { type: "cluster" } },
    ],
    [
      "groups of an update",
      { eventName: "UpdateAccessEntry", ...parameters({ kubernetesGroups: ["a"], username: "u" }) },
      {
        operation: "UpdateAccessEntry",
        groups: ["a"],
        username: "u",
        policyArn: null,
        scope: null,
      },
    ],
    [
      "an update without groups",
      { eventName: "UpdateAccessEntry" },
      { groups: null, username: null },
    ],
    ["a creation without groups", { eventName: "CreateAccessEntry" }, { groups: [] }],
    [
      "a strange group, cut",
      {
        eventName: "CreateAccessEntry",
        ...parameters({ kubernetesGroups: [`é ${"x".repeat(300)}`] }),
      },
      { groups: [`é ${"x".repeat(254)}`] },
    ],
    ["a deletion", { eventName: "DeleteAccessEntry" }, { policyArn: null, groups: null }],
    [
      "a removal, with both ARNs encoded",
      {
        eventName: "DisassociateAccessPolicy",
        ...parameters({ policyArn: encodeURIComponent(VIEW) }),
      },
      { policyArn: VIEW, scope: null },
    ],
    ["an error", { errorCode: "AccessDenied" }, { errorCode: "AccessDenied", principalArn: ALICE }],
    [
      "an error without parameters",
      { errorCode: "AccessDenied", requestParameters: null },
      { clusterArn: null, principalArn: null, policyArn: null, scope: null },
    ],
    [
      "an error about an impossible name",
      { errorCode: "InvalidParameterException", ...parameters({ name: "no/cluster" }) },
      { clusterArn: null, principalArn: null },
    ],
    [
      "a corrected record",
      { addendum: { reason: "UPDATED_DATA", originalRequestID: "r", originalEventID: "e" } },
      { addendum: { reason: "UPDATED_DATA", originalRequestId: "r", originalEventId: "e" } },
    ],
    ["no request id", { requestID: undefined }, { eksRequestId: null }],
    ["a long user agent, cut", { userAgent: "x".repeat(999) }, { userAgent: "x".repeat(256) }],
    ["a later version", { eventVersion: "1.99" }, { principalArn: ALICE }],
  ])("An event is read with %s", (_, changes, expected) => {
    expect(read(changes)).toMatchObject({ event: expected });
  });

  it("Regions of China and of the government have partitions of their own", () => {
    const inRegion = (region: string) =>
      readBusEvent(busEvent(recordWith({ awsRegion: region }), { region }), ACCOUNTS);
    expect(inRegion("cn-north-1")).toMatchObject({
      event: { clusterArn: "arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod" },
    });
    expect(inRegion("us-gov-west-1")).toMatchObject({
      event: { clusterArn: "arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/prod" },
    });
  });
});

describe("Callers", () => {
  const session = RECORD.userIdentity.sessionContext;

  it("A session without its issuer is of the role that its ARN names", () => {
    const { caller } = eventOf(identity({ sessionContext: undefined }));
    expect(caller).toMatchObject({
      roleArn: "arn:aws:iam::111122223333:role/timelatch-grantor",
      sourceIdentity: null,
    });
  });

  it("A role in a path comes whole from its issuer", () => {
    const sessionIssuer = { ...session.sessionIssuer, arn: MALLORY.roleArn };
    const { caller } = eventOf(identity({ arn: MALLORY.arn, sessionContext: { sessionIssuer } }));
    expect(caller).toMatchObject({ roleArn: MALLORY.roleArn, sessionName: MALLORY.sessionName });
  });

  it("A session and an issuer of different roles are no caller", () => {
    const sessionIssuer = { ...session.sessionIssuer, arn: MALLORY.roleArn };
    const reading = read(identity({ sessionContext: { ...session, sessionIssuer } }));
    expect(refusalOf(reading)).toBe("malformed");
  });

  it("A service that acts for itself has neither ARN nor role", () => {
    const { caller } = eventOf({
      userIdentity: { type: "AWSService", invokedBy: "AWS Internal" },
    });
    expect(caller).toEqual({
      type: "AWSService",
      invokedBy: "AWS Internal",
      arn: null,
      accountId: null,
      roleArn: null,
      sessionName: null,
      sourceIdentity: null,
      accessKeyId: null,
    });
  });
});

describe("Refusals", () => {
  it.each<[string, string, object]>([
    [
      "foreign-account",
      "an envelope of another account",
      busEvent(RECORD, { account: "999999999999" }),
    ],
    [
      "foreign-account",
      "a record of another account",
      busEvent(recordWith({ recipientAccountId: "999999999999" })),
    ],
    ["foreign-source", "another source", busEvent(RECORD, { source: "aws.ec2" })],
    ["foreign-source", "a source that imitates", busEvent(RECORD, { source: "aws.eks.example" })],
    [
      "foreign-source",
      "a record of another service",
      busEvent(recordWith({ eventSource: "sts.amazonaws.com" })),
    ],
    [
      "wrong-detail-type",
      "another detail-type",
      busEvent(RECORD, { "detail-type": "EKS Cluster Update" }),
    ],
    ["wrong-detail-type", "no envelope", RECORD],
    [
      "read-only",
      "a read",
      busEvent(recordWith({ readOnly: true, eventName: "DescribeAccessEntry" })),
    ],
    ["other-operation", "another change", busEvent(recordWith({ eventName: "CreateCluster" }))],
    ["unknown-version", "an old version", busEvent(recordWith({ eventVersion: "1.07" }))],
    ["unknown-version", "a new major version", busEvent(recordWith({ eventVersion: "2.08" }))],
    ["unknown-version", "no version", busEvent(recordWith({ eventVersion: undefined }))],
    ["too-large", "a huge record", busEvent(recordWith({ userAgent: "x".repeat(262_144) }))],
    ["malformed", "another region", busEvent(RECORD, { region: "eu-west-1" })],
    ["malformed", "readOnly as a text", busEvent(recordWith({ readOnly: "false" }))],
    ["malformed", "no event id", busEvent(recordWith({ eventID: undefined }))],
    ["malformed", "an id that is too long", busEvent(recordWith({ eventID: "x".repeat(65) }))],
    [
      "malformed",
      "a day that no calendar has",
      busEvent(recordWith({ eventTime: "2026-02-30T10:00:01Z" })),
    ],
    [
      "malformed",
      "a time with an offset",
      busEvent(recordWith({ eventTime: "2026-11-24T10:00:01+01:00" })),
    ],
    ["malformed", "no parameters", busEvent(recordWith({ requestParameters: null }))],
    ["malformed", "no principal", busEvent(recordWith(parameters({ principalArn: undefined })))],
    [
      "malformed",
      "a principal that is no ARN",
      busEvent(recordWith(parameters({ principalArn: "alice" }))),
    ],
    [
      "malformed",
      "a broken encoding",
      busEvent(recordWith(parameters({ principalArn: "arn%3A%ZZ" }))),
    ],
    [
      "malformed",
      "a policy without a scope",
      busEvent(recordWith(parameters({ accessScope: undefined }))),
    ],
    [
      "malformed",
      "an unknown scope",
      busEvent(recordWith(parameters({ accessScope: { type: "all" } }))),
    ],
    [
      "malformed",
      "namespaces as a text",
      busEvent(recordWith(parameters({ accessScope: { type: "namespace", namespaces: "x" } }))),
    ],
    ["malformed", "a cluster that cannot be", busEvent(recordWith(parameters({ name: "a/b" })))],
    ["malformed", "two clusters", busEvent(recordWith(parameters({ clusterName: "staging" })))],
    [
      "malformed",
      "an ARN encoded twice",
      busEvent(
        recordWith(parameters({ principalArn: encodeURIComponent(encodeURIComponent(ALICE)) })),
      ),
    ],
    ["malformed", "half a character", busEvent(recordWith({ sourceIPAddress: "\ud800" }))],
    ["malformed", "no caller", busEvent(recordWith({ userIdentity: undefined }))],
  ])("An event is refused as %s: %s", (code, _, body) => {
    expect(refusalOf(readBusEvent(body, ACCOUNTS))).toBe(code);
    expect(refusalOf(readBusEvent(JSON.stringify(body), ACCOUNTS))).toBe(code);
  });

  it.each<[string, unknown]>([
    ["malformed", "{"],
    ["malformed", JSON.stringify(RECORD).replace("{", '{"readOnly":true,')],
    ["malformed", undefined],
    ["malformed", 1],
    ["foreign-source", "[]"],
    ["too-large", `"${"x".repeat(262_144)}"`],
    ["malformed", "[".repeat(100_000)],
    ["malformed", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ])("A listed event is refused as %s", (code, text) => {
    expect(refusalOf(readListedEvent(text, ACCOUNTS))).toBe(code);
  });

  it("An envelope nested deeper than any stack is refused, not thrown", () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(refusalOf(readBusEvent(busEvent(recordWith({}), { detail: deep }), ACCOUNTS))).toMatch(
      /^(malformed|foreign-source)$/,
    );
  });

  it("For any one member of the record, the answer is an event or a refusal", () => {
    const names = Object.keys(RECORD);
    const paths = [...names, ...Object.keys(RECORD.requestParameters).map((name) => `p.${name}`)];
    const value = fc.oneof(fc.anything(), fc.jsonValue(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, strange) => {
        const [name = "", inner] = path.split(".");
        const record = inner
          ? { ...RECORD, requestParameters: { ...RECORD.requestParameters, [inner]: strange } }
          : { ...RECORD, [name]: strange };
        const reading = readBusEvent(busEvent(record), ACCOUNTS);
        if ("event" in reading) JSON.stringify(reading.event).isWellFormed();
        else expect(reading.because.length).toBeLessThan(200);
      }),
      { numRuns: 1_000, seed: 20_261_124 },
    );
  });
});
