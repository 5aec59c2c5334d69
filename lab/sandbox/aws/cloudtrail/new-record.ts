import { randomUUID } from "node:crypto";
import type { CallRecord } from "../dispatch.ts";
import type { IamState } from "../iam/state.ts";
import { loggedCall } from "./logged-call.ts";
import type { TrailRecord } from "./trail-record.ts";
import { isService, userIdentity, wholeSecond } from "./user-identity.ts";

const EVENT_VERSION = "1.11";

/** The record of a finished call; undefined for a call that is not recorded here. */
export function newRecord(call: CallRecord, iam: IamState): TrailRecord | undefined {
  const logged = loggedCall(call);
  if (logged === undefined) return undefined;
  const { readOnly, requestParameters, responseElements, resources, additionalEventData } = logged;
  const { service, region, userAgent, errorCode } = call;
  const { errorMessage = call.errorMessage ?? "" } = logged;
  return {
    eventVersion: EVENT_VERSION,
    userIdentity: userIdentity(call.caller, iam, userAgent, call.at),
    eventTime: wholeSecond(call.at),
    eventSource: `${service}.amazonaws.com`,
    eventName: call.operation,
    awsRegion: region,
    sourceIPAddress: call.sourceIp,
    userAgent,
    ...(errorCode === undefined ? {} : { errorCode: recordedCode(errorCode), errorMessage }),
    requestParameters,
    responseElements,
    ...(additionalEventData === undefined ? {} : { additionalEventData }),
    requestID: call.requestId,
    eventID: randomUUID(),
    readOnly,
    ...(resources === undefined ? {} : { resources }),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: call.caller.accountId,
    eventCategory: "Management",
    ...(isService(userAgent) ? {} : { tlsDetails: tlsDetails(service, region) }),
  };
}

/** CloudTrail writes the denial of any service under one name. */
const recordedCode = (code: string): string =>
  code.startsWith("AccessDenied") ? "AccessDenied" : code;

/** The sandbox's plain port stands for AWS's TLS endpoints. */
const tlsDetails = (service: string, region: string) => ({
  tlsVersion: "TLSv1.3",
  cipherSuite: "TLS_AES_128_GCM_SHA256",
  // IAM has one endpoint for all regions.
  clientProvidedHostHeader:
    service === "iam" ? "iam.amazonaws.com" : `${service}.${region}.amazonaws.com`,
});
