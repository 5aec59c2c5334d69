/** Chooses the Scheduler to call, and the session. */
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import { bindingKey } from "../../domain/entries/binding.ts";
import { bindingSessionName } from "../../domain/entries/session-name.ts";
import { clusterArnOf } from "../../domain/values/arn.ts";
import type { EntryAddress } from "../../ports/access-entries.ts";
import type { ArmingClients, GrantorSessions } from "../eks/grantor-sessions.ts";

export interface SchedulerReach {
  /** The session's name, for the record of a call. */
  readonly sessionName: string;
  /** Lets `make` call Scheduler. */
  readonly use: <Answer>(make: (client: SchedulerClient) => Promise<Answer>) => Promise<Answer>;
}

/** The broker's own Scheduler, under the function's own role, whose session Lambda names. */
export const ownScheduler = (client: SchedulerClient): SchedulerReach => ({
  sessionName: "converge",
  use: (make) => make(client),
});

/**
 * The Scheduler of the entry's account and region, in the session of the entry's binding. The
 * entry's reads may share that session.
 */
export function remoteScheduler(
  sessions: GrantorSessions<ArmingClients>,
  { cluster, principalArn }: EntryAddress,
): SchedulerReach {
  const sessionName = bindingSessionName(bindingKey(clusterArnOf(cluster), principalArn));
  const session = { sessionName, sourceIdentity: "timelatch" };
  return {
    sessionName,
    use: (make) =>
      sessions({ cluster, role: "policies", session }, ({ scheduler }) => make(scheduler())),
  };
}
