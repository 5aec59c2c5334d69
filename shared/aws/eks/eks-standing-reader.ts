import {
  type Cluster,
  DescribeClusterCommand,
  ListAccessEntriesCommand,
} from "@aws-sdk/client-eks";
import type { ClusterSetup } from "../../domain/standing/cluster-setup.ts";
import { CallFailed, type CallSession } from "../../ports/access-entries.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { StandingReader } from "../../ports/standing-reader.ts";
import { awsCaller } from "../calls/aws-call.ts";
import { eksCaller } from "./eks-caller.ts";
import { eksEntryReads } from "./eks-entry-reads.ts";
import type { GrantorSessions } from "./grantor-sessions.ts";
import { iamPrincipals } from "./iam-principals.ts";

/** How many principals a page has: what a run has read is stored with each page. */
const PAGE = 25;

/** Not sent: the calls are made under the function's own role. */
const SESSION: CallSession = { sessionName: "standing", sourceIdentity: "timelatch" };

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds left in the run. */
  readonly deadline: () => number;
}

/** Reads clusters and their access entries. It never waits for a throttle. */
export function eksStandingReader(sessions: GrantorSessions, options: Options): StandingReader {
  // All of the run is reserved, so no pause fits, and a throttle fails the call at once.
  const patience = { ...options, reserveMs: Number.POSITIVE_INFINITY };
  const call = awsCaller(patience);
  const eks = eksCaller(call, sessions);
  const entries = eksEntryReads(eks, options);
  const principals = iamPrincipals(call, sessions, options.clock.now);
  return {
    async setup(cluster) {
      const command = new DescribeClusterCommand({ name: cluster.name });
      try {
        const answered = await eks({ cluster }, SESSION, "DescribeCluster", command, READ);
        return answered.output.cluster && setupOf(answered.output.cluster);
      } catch (error) {
        if (error instanceof CallFailed && error.code === "ClusterNotFound") return undefined;
        throw error;
      }
    },

    async principals(cluster, token) {
      const command = new ListAccessEntriesCommand({
        clusterName: cluster.name,
        maxResults: PAGE,
        ...(token === null ? {} : { nextToken: token }),
      });
      const { output } = await eks({ cluster }, SESSION, "ListAccessEntries", command, READ);
      return { principalArns: output.accessEntries ?? [], next: output.nextToken ?? null };
    },

    entry: (address) => entries.read(address, SESSION),

    async principal(address, madeAt) {
      try {
        const found = await principals.principal(address, SESSION);
        if (!found) return "gone";
        // IAM's times have whole seconds, rounded down, so a new role never seems older.
        return found.createdAt > madeAt ? "recreated" : "exists";
      } catch (error) {
        if (error instanceof CallFailed && error.code === "PrincipalUnreadable") return "not-read";
        throw error;
      }
    },
  };
}

const READ = { isRead: true };

function setupOf({ createdAt, version, accessConfig, logging }: Cluster): ClusterSetup | undefined {
  if (!createdAt) return undefined;
  return {
    createdAt: createdAt.toISOString(),
    // A cluster without this setting is older than access entries.
    authenticationMode: accessConfig?.authenticationMode ?? "CONFIG_MAP",
    version: version ?? null,
    auditLog: (logging?.clusterLogging ?? []).some(
      ({ types, enabled }) => enabled === true && types?.includes("audit"),
    ),
  };
}
