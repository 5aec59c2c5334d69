import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import type { ClusterSetup } from "../../shared/domain/standing/cluster-setup.ts";
import type { PrincipalState } from "../../shared/domain/standing/standing-entry.ts";
import type { Failure } from "../../shared/ports/access-entries.ts";
import { CallFailed } from "../../shared/ports/access-entries.ts";
import type { StandingReader } from "../../shared/ports/standing-reader.ts";
import { T0 } from "./builders.ts";

/** Clusters in memory, which a test may change between calls. */
export interface MemoryClusters {
  /** By ARN. */
  readonly setups: Map<string, ClusterSetup>;
  /** By the cluster's ARN and the principal's, in the order of the list. */
  readonly entries: Map<string, Map<string, ActualEntry>>;
  readonly principals: Map<string, PrincipalState>;
  /** The calls, in order: `entry <principal>`. */
  readonly calls: string[];
  /** Called before each call; throws to make it fail. */
  before: (call: string) => void;
}

export const memoryClusters = (): MemoryClusters => ({
  setups: new Map(),
  entries: new Map(),
  principals: new Map(),
  calls: [],
  before: () => undefined,
});

export const callFailed = (failure: Failure, code: string) =>
  new CallFailed(failure, code, code, {
    operation: "ListAccessEntries",
    requestId: null,
    sessionName: "standing",
    at: T0,
    result: code,
  });

/** Lists pages of `pageSize`; a token is the number of its first principal. */
export function memoryStandingReader(world: MemoryClusters, pageSize = 2): StandingReader {
  const arnOf = (cluster: { region: string; account: string; name: string }) =>
    `arn:aws:eks:${cluster.region}:${cluster.account}:cluster/${cluster.name}`;
  const called = async (call: string) => {
    world.calls.push(call);
    world.before(call);
  };
  const on = (arn: string) => world.entries.get(arn) ?? new Map<string, ActualEntry>();
  return {
    async setup(cluster) {
      await called(`setup ${cluster.name}`);
      return world.setups.get(arnOf(cluster));
    },
    async principals(cluster, token) {
      await called(`list ${cluster.name} ${token ?? ""}`.trim());
      const all = [...on(arnOf(cluster)).keys()];
      const from = Number(token ?? 0);
      const until = from + pageSize;
      return {
        principalArns: all.slice(from, until),
        next: until < all.length ? String(until) : null,
      };
    },
    async entry({ cluster, principalArn }) {
      await called(`entry ${principalArn}`);
      return on(arnOf(cluster)).get(principalArn);
    },
    async principal({ principalArn }) {
      await called(`principal ${principalArn}`);
      return world.principals.get(principalArn) ?? "exists";
    },
  };
}
