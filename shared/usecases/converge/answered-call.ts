import type { EntryStep } from "../../domain/entries/step.ts";
import { intendedCall } from "../../domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";
import type { CallRecord } from "../../domain/requests/evidence.ts";
import { grantorRoleArn } from "../../domain/values/arn.ts";
import type { EntryAddress } from "../../ports/access-entries.ts";

/** The entry that a call was about, and when it was answered. */
interface Answered {
  readonly address: EntryAddress;
  readonly clusterArn: string;
  readonly at: string;
}

/**
 * The call as CloudTrail must show it. Undefined if EKS did not answer, or was not called because STS
 * gave no session.
 */
export function answeredCall(
  { address, clusterArn, at }: Answered,
  step: EntryStep,
  { operation, requestId, sessionName, result }: CallRecord,
  served: readonly string[],
): RecordedCall | undefined {
  const call = intendedCall(step, served);
  if (requestId === null || operation !== call.operation) return undefined;
  const role = step.kind === "update-groups" ? "groups" : "policies";
  return {
    ...call,
    eksRequestId: requestId,
    clusterArn,
    principalArn: address.principalArn,
    roleArn: grantorRoleArn(address.cluster, role),
    sessionName,
    at,
    result,
  };
}
