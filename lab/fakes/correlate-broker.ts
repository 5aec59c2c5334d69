/** The broker on fakes, with CloudTrail's events about the calls that it made. */
import type { RecordedCall } from "../../shared/domain/evidence/calls/recorded-call.ts";
import type { CorrelatePorts } from "../../shared/ports/function-ports.ts";
import { correlate } from "../../shared/usecases/evidence/correlate.ts";
import { lookUpCalls } from "../../shared/usecases/evidence/look-up-calls.ts";
import { takeMessages } from "../../shared/usecases/evidence/take-messages.ts";
import { ACCOUNT } from "./builders.ts";
import { memoryBroker } from "./memory-broker.ts";
import type { MemoryBrokerOptions } from "./memory-broker-parts.ts";
import { memoryTrailLookup } from "./memory-trail-lookup.ts";
import { busEvent, RECORD, recordWith } from "./raw-trail-events.ts";

export const FUSE_ROLE = `arn:aws:iam::${ACCOUNT}:role/timelatch-fuse`;

/** @param account the broker's */
export function correlateBroker(options: MemoryBrokerOptions = {}, account = ACCOUNT) {
  const broker = memoryBroker(options);
  const { requests, policy, settings } = broker.ports;
  const { clock } = broker;
  const trail = memoryTrailLookup(clock);
  const ports: CorrelatePorts = {
    requests,
    evidence: broker.evidence,
    clock,
    policy,
    settings,
    fuseRoleArn: FUSE_ROLE.replace(ACCOUNT, account),
    lookup: trail.lookup,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
  };
  const logs: string[] = [];
  const delays: { readonly receiptHandle: string; readonly seconds: number }[] = [];
  const counts: Record<string, number> = {};
  const run = {
    log: (message: string) => logs.push(message),
    report: (_level: "info" | "error", message: string) => logs.push(message),
    delay: async (receiptHandle: string, seconds: number) => {
      delays.push({ receiptHandle, seconds });
    },
    count: (alarm: string, count: number) => {
      counts[alarm] = (counts[alarm] ?? 0) + count;
    },
  };
  return {
    ...broker,
    logs,
    deliver: (detail: object) => correlate(ports, JSON.stringify(busEvent(detail)), run),
    deliverText: (body: string) => correlate(ports, body, run),
    /** Takes a batch of the queue. Each message has its place in it as id and as receipt. */
    take: (...bodies: readonly (object | string)[]) =>
      takeMessages(
        ports,
        bodies.map((body, at) => ({
          id: `message-${at}`,
          body: typeof body === "string" ? body : JSON.stringify(busEvent(body)),
          receiptHandle: `receipt-${at}`,
        })),
        run,
      ),
    delays,
    /** By alarm, what a batch counts for it. */
    counts,
    /** CloudTrail's event history. */
    trail,
    /** Looks for calls, for this number of milliseconds. */
    lookUp: (millis = 30_000) =>
      lookUpCalls(ports, { ...run, millisLeft: broker.timed(millis / 1_000).millisLeft }),
    /** The calls of converge that wait for their confirmation. */
    waiting: async () =>
      (await broker.evidence.unconfirmed(clock.now(), 100)).map(({ call }) => call),
  };
}

const NAMED = "arn:aws:sts::";

/** The identity of a caller, as CloudTrail writes it. */
export const identity = (roleArn: string, sessionName: string) => ({
  ...RECORD.userIdentity,
  principalId: `AROAEXAMPLE:${sessionName}`,
  arn: `${NAMED}${ACCOUNT}:assumed-role/${roleArn.split("/").at(-1)}/${sessionName}`,
  sessionContext: {
    ...RECORD.userIdentity.sessionContext,
    sessionIssuer: { ...RECORD.userIdentity.sessionContext.sessionIssuer, arn: roleArn },
  },
});

/** CloudTrail's record of a call. */
export function recordOf(
  { operation, eksRequestId, clusterArn, principalArn, target, elements, ...call }: RecordedCall,
  changes: Readonly<Record<string, unknown>> = {},
): object {
  const scope = { type: "namespace", namespaces: elements.map((one) => one.slice("ns/".length)) };
  return recordWith({
    userIdentity: identity(call.roleArn, call.sessionName),
    eventTime: `${call.at.slice(0, 19)}Z`,
    eventName: operation,
    requestID: eksRequestId,
    eventID: `event-${eksRequestId}`,
    requestParameters: {
      name: clusterArn.split("/").at(-1),
      principalArn,
      ...(target === null ? {} : { policyArn: target }),
      ...(operation === "AssociateAccessPolicy" ? { accessScope: scope } : {}),
    },
    responseElements: null,
    ...changes,
  });
}
