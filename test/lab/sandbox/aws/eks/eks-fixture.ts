import { eksService } from "../../../../../lab/sandbox/aws/eks/service.ts";
import type { AuthenticationMode, EksState } from "../../../../../lab/sandbox/aws/eks/state.ts";
import type { IamRole, IamState } from "../../../../../lab/sandbox/aws/iam/state.ts";
import {
  AwsError,
  type Caller,
  type PermissionCheck,
} from "../../../../../lab/sandbox/aws/service.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";

export const ACCOUNT = "111122223333";
export const ALICE = `arn:aws:iam::${ACCOUNT}:role/people/alice`;
export const BOB = `arn:aws:iam::${ACCOUNT}:role/people/bob`;
export const NODE = `arn:aws:iam::${ACCOUNT}:role/node`;
export const FOREIGN = "arn:aws:iam::999988887777:role/guest";
export const UPDATE_SECONDS = 5;

const POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/";
export const policyArn = (name: string): string => POLICY_PREFIX + name;
export const EDIT = policyArn("AmazonEKSEditPolicy");
export const VIEW = policyArn("AmazonEKSViewPolicy");

const caller: Caller = {
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/session`,
  principalArn: ALICE,
  accountId: ACCOUNT,
  userId: "AROAALICE:session",
  accessKeyId: "ASIAALICE",
};

export function iamRole(arn: string, roleId: string): IamRole {
  const [, path = "/", roleName = ""] = /:role(\/(?:.+\/)?)(.+)$/.exec(arn) ?? [];
  return {
    kind: "role",
    arn,
    roleName,
    path,
    roleId,
    createDate: "2026-01-01T00:00:00.000Z",
    assumeRolePolicyDocument: {},
    policies: {},
    maxSessionDuration: 3600,
  };
}

export type Answer = Record<string, unknown>;

/** An EKS with clusters `prod` (API), `mixed` (API_AND_CONFIG_MAP) and `legacy` (CONFIG_MAP). */
export function eksFixture() {
  const eks = memoryStore<EksState>({ accountId: ACCOUNT, region: "us-west-2", clusters: {} });
  const iam = memoryStore<IamState>({
    accountId: ACCOUNT,
    roles: {
      [ALICE]: iamRole(ALICE, "AROAALICE"),
      [BOB]: iamRole(BOB, "AROABOB"),
      [NODE]: iamRole(NODE, "AROANODE"),
    },
    credentials: {},
  });
  const service = eksService({
    eks,
    iam,
    newCluster: (name) => ({ endpoint: `https://${name}.example`, certificateAuthority: "Q0E=" }),
    updateSeconds: UPDATE_SECONDS,
  });
  let now = new Date("2026-11-24T12:00:00.250Z");

  const operationOf = (operation: string) => {
    const found = service.operations[operation];
    if (found === undefined) throw new Error(`${operation} is missing`);
    return found;
  };
  const call = async (operation: string, input: Answer): Promise<Answer> =>
    (await operationOf(operation).run({
      operation,
      input,
      caller,
      requestId: "request",
      now,
    })) as Answer;

  return {
    service,
    eks,
    iam,
    call,
    /** The permission checks of an operation. */
    ask: (operation: string, input: Answer): readonly PermissionCheck[] =>
      operationOf(operation).permissions(input, caller),
    /** The error of a call that must fail, as `[code, status, text]`. */
    refusal: async (operation: string, input: Answer): Promise<readonly unknown[]> => {
      try {
        await call(operation, input);
      } catch (error) {
        if (error instanceof AwsError) return [error.code, error.status, error.message];
        throw error;
      }
      throw new Error(`${operation} was not refused`);
    },
    entryOf: async (clusterName: string, principalArn: string): Promise<Answer> =>
      (await call("DescribeAccessEntry", { clusterName, principalArn }))["accessEntry"] as Answer,
    advance: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    now: () => now,
    addCluster: async (
      name: string,
      authenticationMode: AuthenticationMode,
      bootstrapClusterCreatorAdminPermissions = authenticationMode === "CONFIG_MAP",
    ) => {
      await call("CreateCluster", {
        name,
        roleArn: NODE,
        resourcesVpcConfig: {},
        accessConfig: { authenticationMode, bootstrapClusterCreatorAdminPermissions },
      });
      now = new Date(now.getTime() + UPDATE_SECONDS * 1000);
    },
  };
}

export type EksFixture = ReturnType<typeof eksFixture>;

export async function eksWithClusters(): Promise<EksFixture> {
  const fixture = eksFixture();
  await fixture.addCluster("prod", "API");
  await fixture.addCluster("mixed", "API_AND_CONFIG_MAP");
  await fixture.addCluster("legacy", "CONFIG_MAP");
  return fixture;
}
