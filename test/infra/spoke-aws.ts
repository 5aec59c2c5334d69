/** The sandbox's AWS with the synthesized roles of a hub and a spoke, and the spoke's cluster. */
import { asAccount } from "../../lab/sandbox/aws/accounts.ts";
import { eksService } from "../../lab/sandbox/aws/eks/service.ts";
import type { EksState } from "../../lab/sandbox/aws/eks/state.ts";
import type { IamState } from "../../lab/sandbox/aws/iam/state.ts";
import { memoryStore } from "../../lab/sandbox/aws/store.ts";
import { leaseSession } from "../../lab/sandbox/stack/function-sessions.ts";
import type { FunctionResource } from "../../lab/sandbox/template/stack.ts";
import { ACCOUNT as HUB, REGION } from "./broker.ts";
import { hub, iamRole, SPOKE, stackIn } from "./spoke-world.ts";

export const ALICE = `arn:aws:iam::${SPOKE}:role/timelatch/people/timelatch-person-alice`;
export const CLUSTER = `arn:aws:eks:${REGION}:${SPOKE}:cluster/staging`;
export const CREATED = "2026-11-01T00:00:00.000Z";

const alice = {
  arn: ALICE,
  name: "timelatch-person-alice",
  path: "/timelatch/people/",
  maxSessionSeconds: 3600,
  trustPolicy: {},
  policies: {},
};

export function spokeAws() {
  const iam = memoryStore<IamState>({
    accountId: HUB,
    roles: Object.fromEntries(
      [...hub.roles, ...stackIn(SPOKE).roles, alice]
        .map(iamRole)
        .map((role) => [role.arn, role] as const),
    ),
    credentials: {},
  });
  const eks = memoryStore<EksState>({
    accountId: SPOKE,
    region: REGION,
    clusters: {
      staging: {
        name: "staging",
        arn: CLUSTER,
        createdAt: CREATED,
        version: "1.34",
        platformVersion: "eks.1",
        status: "ACTIVE",
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: false,
        endpoint: "https://unused.example",
        certificateAuthority: "Q0E=",
        tags: {},
        entries: {},
        updates: {},
      },
    },
  });
  const newCluster = () => ({ endpoint: "https://unused.example", certificateAuthority: "Q0E=" });
  return {
    iam,
    eks,
    /** EKS of the spoke. */
    eksOfSpoke: eksService({ eks, iam: asAccount(iam, SPOKE), newCluster, updateSeconds: 0 }),
    /** A client's settings in a session of a role, as AWS hands it to a function or to Scheduler. */
    settingsAs(url: string, roleArn: string) {
      const { accessKeyId, secretAccessKey, sessionToken } = leaseSession(iam, {
        name: "own",
        roleArn,
      } as FunctionResource);
      const credentials = { accessKeyId, secretAccessKey, sessionToken };
      return { endpoint: url, region: REGION, maxAttempts: 1, credentials };
    },
  };
}
