/** CloudTrail's record of a call about an access entry, and EventBridge's envelope around it. */
import { GROUPS, groupsFromElements } from "../../../shared/domain/entries/access.ts";
import { scopeFromElements } from "../../../shared/domain/entries/scope.ts";
import { parsePrincipalArn } from "../../../shared/domain/values/arn.ts";
import { instantOf } from "../virtual-time.ts";
import type { Caller, EksChange } from "./eks-change.ts";

/** Why a record is late, or corrects another one. */
export interface Addendum {
  readonly reason: "DELIVERY_DELAY" | "UPDATED_DATA";
  readonly originalEventID?: string;
  readonly originalRequestID?: string;
}

/**
 * CloudTrail's record of a call.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordOf(change: EksChange, eventId: string, addendum: Addendum | null) {
  const [, , , region = "", account = ""] = change.clusterArn.split(":");
  const eventTime = `${instantOf(change.at).slice(0, "2026-11-24T10:00:00".length)}Z`;
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(change.caller, eventTime),
    eventTime,
    eventSource: "eks.amazonaws.com",
    eventName: change.operation,
    awsRegion: region,
    sourceIPAddress: "203.0.113.10",
    userAgent: "aws-sdk-js/3.1174.0",
    requestParameters: parametersOf(change),
    responseElements: null,
    requestID: change.requestId,
    eventID: eventId,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: "Management",
    ...(change.errorCode === null ? {} : { errorCode: change.errorCode }),
    ...(addendum === null ? {} : { addendum }),
  };
}

/** The text that EventBridge sends to the queue. */
export const busEventOf = (detail: ReturnType<typeof recordOf>): string =>
  JSON.stringify({
    version: "0",
    id: `bus-${detail.eventID}`,
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.eks",
    account: detail.recipientAccountId,
    time: detail.eventTime,
    region: detail.awsRegion,
    resources: [],
    detail,
  });

function identityOf(caller: Caller, creationDate: string): object {
  if (caller.kind === "service") return { type: "AWSService", invokedBy: caller.name };
  const { roleArn, sessionName } = caller;
  const { account = "", name = "" } = parsePrincipalArn(roleArn) ?? {};
  return {
    type: "AssumedRole",
    principalId: `AROAEXAMPLE:${sessionName}`,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`,
    accountId: account,
    accessKeyId: "ASIAEXAMPLE000000001",
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROAEXAMPLE",
        arn: roleArn,
        accountId: account,
        userName: name,
      },
      attributes: { creationDate, mfaAuthenticated: "false" },
    },
  };
}

/** Parameters that EKS takes from the path of a call are percent-encoded. */
function parametersOf({ operation, clusterArn, principalArn, target, elements }: EksChange) {
  const name = clusterArn.split("/").at(-1);
  const inPath = { name, principalArn: encodeURIComponent(principalArn) };
  switch (operation) {
    case "CreateAccessEntry":
      return { name, principalArn, ...(target === GROUPS ? groupsIn(elements) : {}) };
    case "UpdateAccessEntry":
      return { ...inPath, ...groupsIn(elements) };
    case "DeleteAccessEntry":
      return inPath;
    case "AssociateAccessPolicy":
      return { ...inPath, policyArn: target, accessScope: scopeFromElements(elements) };
    case "DisassociateAccessPolicy":
      return { ...inPath, policyArn: encodeURIComponent(target ?? "") };
  }
}

const groupsIn = (elements: EksChange["elements"]) => ({
  kubernetesGroups: groupsFromElements(elements),
});
