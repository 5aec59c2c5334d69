import { describe, expect, it } from "vitest";
import type { IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { type DeployedState, deployRoles } from "../../../../lab/sandbox/stack/deploy-roles.ts";
import { endSessions, leaseSession } from "../../../../lab/sandbox/stack/function-sessions.ts";
import type { FunctionResource, RoleResource } from "../../../../lab/sandbox/template/stack.ts";

const NOW = new Date("2026-11-24T10:00:00Z");
const ARN = "arn:aws:iam::111122223333:role/api";

const role = (over: Partial<RoleResource> = {}): RoleResource => ({
  name: "api",
  arn: ARN,
  path: "/",
  maxSessionSeconds: 3600,
  trustPolicy: {},
  policies: { one: {} },
  ...over,
});

function account() {
  const iam = memoryStore<IamState>({ accountId: "111122223333", roles: {}, credentials: {} });
  const deployed = memoryStore<DeployedState>({ roleArns: [] });
  const deploy = (...roles: RoleResource[]) => {
    const before = deployed.state.roleArns;
    deployRoles(iam, deployed, { roles, managedPolicies: {} }, NOW, before);
  };
  return { iam, deployed, deploy };
}

describe("a deployment", () => {
  it("A deployment updates a role's policies and keeps its unique id", () => {
    const { iam, deploy } = account();
    deploy(role());
    const before = iam.state.roles[ARN];
    deploy(role({ policies: { two: {} } }));
    expect(before?.roleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(iam.state.roles[ARN]).toEqual({ ...before, policies: { two: {} } });
  });

  it("Roles of another stack stay, and get what changes in a managed policy that they carry", () => {
    const { iam, deployed, deploy } = account();
    const policy = "arn:aws:iam::111122223333:policy/call";
    deploy(role({ policies: { [policy]: { Version: "1" }, own: {} } }));
    const managedPolicies = { [policy]: { Version: "2" } };
    deployRoles(iam, deployed, { roles: [], managedPolicies }, NOW);
    expect(iam.state.roles[ARN]?.policies).toEqual({ [policy]: { Version: "2" }, own: {} });
    expect(deployed.state).toEqual({ roleArns: [ARN], policies: managedPolicies });
    deployRoles(iam, deployed, { roles: [], managedPolicies: {} }, NOW, [policy]);
    expect(deployed.state).toEqual({ roleArns: [ARN], policies: {} });
  });

  it("A deployment deletes the roles that the stack no longer has, and no others", () => {
    const { iam, deploy } = account();
    const own = "arn:aws:iam::111122223333:role/own";
    deploy(role());
    iam.state.roles[own] = { ...(iam.state.roles[ARN] as IamState["roles"][string]), arn: own };
    deploy();
    expect(Object.keys(iam.state.roles)).toEqual([own]);
  });
});

describe("a function's session", () => {
  const fn = { name: "api", roleArn: ARN } as FunctionResource;

  it("A function's session is its role's, named as the function, until it is given back", () => {
    const { iam, deploy } = account();
    deploy(role());
    const { accessKeyId, release } = leaseSession(iam, fn);
    expect(iam.state.credentials[accessKeyId]).toMatchObject({
      roleArn: ARN,
      roleId: iam.state.roles[ARN]?.roleId,
      sessionName: "api",
    });
    release();
    expect(iam.state.credentials).toEqual({});
  });

  it("A function's session of an earlier sandbox is ended, and nobody else's", () => {
    const { iam, deploy } = account();
    deploy(role());
    leaseSession(iam, fn);
    const other = leaseSession(iam, { ...fn, name: "other" });
    endSessions(iam, [fn]);
    expect(Object.keys(iam.state.credentials)).toEqual([other.accessKeyId]);
  });

  it("A function's session is refused where the role was deleted", () => {
    const { iam } = account();
    expect(() => leaseSession(iam, fn)).toThrow(`its role ${ARN} was deleted`);
  });
});
