/** Access entries behind a rate limit: calls take time, are throttled, or stay unanswered. */
import { CALL_MS, LEAST_MS } from "../../../shared/aws/calls/aws-call.ts";
import { throttleWait } from "../../../shared/aws/calls/throttle-wait.ts";
import type { ClusterArn } from "../../../shared/domain/values/arn.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallSession,
  type EntryAddress,
  type Failure,
} from "../../../shared/ports/access-entries.ts";
import { callTime } from "./call-times.ts";
import type { WiredPortsOptions } from "./wired-ports-options.ts";

/** Makes one call to EKS; it throws where EKS throttles for too long, or does not answer. */
type EksCall = (operation: string, cluster: ClusterArn, session: CallSession) => Promise<void>;

/** @param deadline when the invocation is cut off, in milliseconds of the virtual time */
export function wiredEntries(options: WiredPortsOptions, deadline: number): AccessEntries {
  const { time, random, behind } = options;
  const assume = assumeRole(options);
  const eks = eksCall(options, deadline);

  const change =
    <Args extends readonly unknown[], Result>(
      operation: string,
      apply: (address: EntryAddress, session: CallSession, ...args: Args) => Promise<Result>,
    ) =>
    async (address: EntryAddress, session: CallSession, ...args: Args): Promise<Result> => {
      await assume(session);
      await eks(operation, address.cluster, session);
      return await apply(address, session, ...args);
    };

  const { entries } = behind;
  return {
    prepare: (_address, session) => assume(session),
    async read(address, session) {
      await assume(session);
      await eks("DescribeAccessEntry", address.cluster, session);
      const found = await entries.read(address, session);
      if (found) await eks("ListAssociatedAccessPolicies", address.cluster, session);
      return found;
    },
    async principal(address, session) {
      await assume(session);
      await time.delay(callTime(random, "aws"));
      return await entries.principal(address, session);
    },
    async cluster(cluster, session) {
      await assume(session);
      await eks("DescribeCluster", cluster, session);
      return await entries.cluster(cluster, session);
    },
    create: change("CreateAccessEntry", entries.create),
    updateGroups: change("UpdateAccessEntry", entries.updateGroups),
    associate: change("AssociateAccessPolicy", entries.associate),
    disassociate: change("DisassociateAccessPolicy", entries.disassociate),
    remove: change("DeleteAccessEntry", entries.remove),
  };
}

/** A role session is made once, and kept for the run. */
function assumeRole({ time, random }: WiredPortsOptions) {
  const sessions = new Map<string, Promise<void>>();
  return ({ sessionName }: CallSession): Promise<void> => {
    const made = sessions.get(sessionName) ?? time.delay(callTime(random, "aws"));
    sessions.set(sessionName, made);
    return made;
  };
}

/** Waits out throttles as the adapter does. */
function eksCall(options: WiredPortsOptions, deadline: number): EksCall {
  const { time, random, bucket, counts, answers, behind } = options;
  const { reserveSeconds } = behind.settings;
  return async (operation, cluster, session) => {
    const fail = (failure: Failure, code: string) =>
      failed(failure, code, operation, session, behind.clock.now());
    let waited = 0;
    for (let tries = 0; ; tries += 1) {
      const left = deadline - time.now;
      if (left < LEAST_MS) throw fail("throttled", "NoTimeLeft");
      const answer = callTime(random, "aws");
      await time.delay(answer / 2);
      if (bucket.take()) {
        counts.eks += 1;
        if (answers(cluster.name)) return void (await time.delay(answer / 2));
        await time.delay(Math.min(CALL_MS, left) - answer / 2);
        throw fail("unknown", "Timeout");
      }
      counts.throttled += 1;
      await time.delay(answer / 2);
      const wait = throttleWait(
        { tries, waited, left: deadline - time.now - reserveSeconds * 1_000 },
        random.fraction(),
      );
      if (wait === undefined) throw fail("throttled", "ThrottlingException");
      waited += wait;
      await time.delay(wait);
    }
  };
}

const failed = (
  failure: Failure,
  code: string,
  operation: string,
  { sessionName }: CallSession,
  at: string,
): CallFailed =>
  new CallFailed(failure, code, `${operation}: ${code}`, {
    operation,
    requestId: null,
    sessionName,
    at,
    result: code,
  });
