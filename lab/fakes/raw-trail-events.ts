/** CloudTrail's record of a call, and EventBridge's envelope around it, as AWS writes them. */

export const ACCOUNTS: ReadonlySet<string> = new Set(["111122223333"]);

/** A composite of published records: https://docs.aws.amazon.com/eks/latest/userguide/logging-using-cloudtrail.html */
export const RECORD = {
  eventVersion: "1.11",
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROAEXAMPLEGRANTOR001:timelatch-019ab5c0-0000-7000-8000-000000000001",
    arn: "arn:aws:sts::111122223333:assumed-role/timelatch-grantor/timelatch-019ab5c0-0000-7000-8000-000000000001",
    accountId: "111122223333",
    accessKeyId: "ASIAEXAMPLE000000001",
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROAEXAMPLEGRANTOR001",
        arn: "arn:aws:iam::111122223333:role/timelatch-grantor",
        accountId: "111122223333",
        userName: "timelatch-grantor",
      },
      attributes: { creationDate: "2026-11-24T10:00:00Z", mfaAuthenticated: "false" },
      sourceIdentity: "alice",
    },
  },
  eventTime: "2026-11-24T10:00:01Z",
  eventSource: "eks.amazonaws.com",
  eventName: "AssociateAccessPolicy",
  awsRegion: "us-west-2",
  sourceIPAddress: "203.0.113.10",
  userAgent: "aws-sdk-js/3.1174.0",
  requestParameters: {
    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    accessScope: { type: "namespace", namespaces: ["payments"] },
    name: "prod",
    principalArn: "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fpeople%2Falice",
  },
  responseElements: {
    clusterName: "prod",
    associatedAccessPolicy: { associatedAt: 1_764_000_000.0, modifiedAt: 1_764_000_000.5 },
  },
  requestID: "9f1c2d3e-0000-4000-8000-000000000001",
  eventID: "1a4debbb-12e9-4bde-b8c7-ea29002bb2a7",
  readOnly: false,
  eventType: "AwsApiCall",
  managementEvent: true,
  recipientAccountId: "111122223333",
  eventCategory: "Management",
} as const;

/** The record with other members; a member that is undefined is left out. */
export const recordWith = (changes: Readonly<Record<string, unknown>> = {}): object =>
  JSON.parse(JSON.stringify({ ...RECORD, ...changes })) as object;

/** The envelope around a record. */
export const busEvent = (
  detail: unknown = RECORD,
  changes: Readonly<Record<string, unknown>> = {},
): object => ({
  version: "0",
  id: "0a0a0a0a-0000-4000-8000-000000000001",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.eks",
  account: "111122223333",
  time: "2026-11-24T10:00:01Z",
  region: "us-west-2",
  resources: [],
  detail,
  ...changes,
});
