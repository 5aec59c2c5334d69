/** EKS behind the port with reads that lag, a clock that only tests move, and chosen fractions. */
import { EKSClient } from "@aws-sdk/client-eks";
import { onTestFinished } from "vitest";
import type { EksOptions } from "../../../../../lab/sandbox/aws/eks/dependencies.ts";
import { eksService } from "../../../../../lab/sandbox/aws/eks/service.ts";
import type { AuthenticationMode, EksState } from "../../../../../lab/sandbox/aws/eks/state.ts";
import { faultTable } from "../../../../../lab/sandbox/aws/faults.ts";
import { iamService } from "../../../../../lab/sandbox/aws/iam/service.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
} from "../iam-world.ts";

export const admin = role("admin", { policy: document(statement("*")) });
export const alice = role("alice", { path: "/people/" });
export const bob = role("bob", { path: "/people/" });

const cluster = (name: string, authenticationMode: AuthenticationMode) => ({
  name,
  arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`,
  createdAt: "2026-11-01T00:00:00.000Z",
  version: "1.34",
  platformVersion: "eks.1",
  status: "ACTIVE" as const,
  authenticationMode,
  bootstrapClusterCreatorAdminPermissions: false,
  endpoint: "https://127.0.0.1:1",
  certificateAuthority: "Q0E=",
  tags: {},
  entries: {},
  updates: {},
});

/** Clusters `prod` (API) and `mixed` (API_AND_CONFIG_MAP). */
export async function laggingEks(
  options: Pick<EksOptions, "readLagSeconds" | "iamLagSeconds"> = {},
) {
  const clock = { ms: Date.now() };
  /** Fractions to come; one that is not chosen is 0: a fresh read, and a change noticed. */
  const fractions: number[] = [];
  const now = () => clock.ms;
  const random = () => fractions.shift() ?? 0;
  const iam = iamStore(admin, alice, bob);
  const eks = memoryStore<EksState>({
    accountId: ACCOUNT,
    region: REGION,
    clusters: { prod: cluster("prod", "API"), mixed: cluster("mixed", "API_AND_CONFIG_MAP") },
  });
  const faults = faultTable();
  const services = [
    eksService({
      eks,
      iam,
      now,
      random,
      ...options,
      newCluster: () => ({ endpoint: "https://127.0.0.1:1", certificateAuthority: "Q0E=" }),
      updateSeconds: 5,
    }),
    iamService(iam, { lagSeconds: options.iamLagSeconds ?? 0, now, random }),
  ];
  const port = await listen({
    services,
    iam,
    faults: faults.take,
    now: () => new Date(clock.ms),
  });
  const client = new EKSClient(clientConfig(port.url, admin));
  onTestFinished(async () => {
    client.destroy();
    await port.close();
  });
  return {
    eks,
    client,
    fractions,
    url: port.url,
    advance: (milliseconds: number) => {
      clock.ms += milliseconds;
    },
    /** The next call of the operation sees a state of this age. */
    stale: (operation: string, milliseconds: number) => {
      const rule = { kind: "stale", operation, milliseconds, count: 1 };
      const { status, body } = faults.serve("POST", Buffer.from(JSON.stringify(rule)));
      if (status !== 201) throw new Error(String(body));
    },
  };
}
