import { describe, expect, it } from "vitest";
import { asAccount, byAccount, ownRoles } from "../../../../lab/sandbox/aws/accounts.ts";
import { parsePrincipal } from "../../../../lab/sandbox/aws/eks/principal.ts";
import { currentPrincipalId } from "../../../../lab/sandbox/aws/eks/principal-id.ts";
import { findRole } from "../../../../lab/sandbox/aws/iam/role-name.ts";
import type { IamRole, IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import { identify } from "../../../../lab/sandbox/aws/identities.ts";
import type { Caller, Service } from "../../../../lab/sandbox/aws/service.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, credential, role } from "./iam-world.ts";

const SPOKE = "444455556666";
const NOW = new Date("2026-11-28T10:00:00Z");

const ours = role("grantor");
const theirs: IamRole = {
  ...ours,
  arn: `arn:aws:iam::${SPOKE}:role/grantor`,
  roleId: "AROATHEIRS",
};
const world = () =>
  memoryStore<IamState>({
    accountId: ACCOUNT,
    roles: { [ours.arn]: ours, [theirs.arn]: theirs },
    credentials: {},
  });

describe("Two accounts behind one port", () => {
  it("The session of a role is in the role's account", () => {
    const key = credential(theirs);
    const iam = { ...world().state, credentials: { [key.accessKeyId]: key } };
    expect(identify(iam, key.accessKeyId, key.sessionToken, NOW).caller).toMatchObject({
      accountId: SPOKE,
      arn: `arn:aws:sts::${SPOKE}:assumed-role/grantor/session`,
    });
  });

  it("Each account's IAM finds its own role of a name, and a change reaches the one state", () => {
    const iam = world();
    expect(findRole(ownRoles(iam, ACCOUNT).state, "grantor")).toEqual(ours);
    expect(findRole(ownRoles(iam, SPOKE).state, "grantor")).toEqual(theirs);
    ownRoles(iam, SPOKE).change((state) => delete state.roles[theirs.arn]);
    expect(Object.keys(iam.state.roles)).toEqual([ours.arn]);
  });

  it("EKS knows a role of the other account by its true id, and refuses a missing one of its own", () => {
    const { state } = asAccount(world(), SPOKE);
    const idOf = (arn: string) => {
      const principal = parsePrincipal(arn);
      if (!principal) throw new Error(`${arn} is no principal.`);
      return currentPrincipalId(state, principal);
    };
    expect(idOf(theirs.arn)).toBe("AROATHEIRS");
    expect(idOf(ours.arn)).toBe(ours.roleId);
    expect(idOf("arn:aws:iam::999999999999:role/x")).toMatch(/^AROA/);
    expect(() => idOf(`arn:aws:iam::${SPOKE}:role/missing`)).toThrow("principal");
  });

  it("A call goes to the service of its caller's account, and to none of another", async () => {
    const service = (answer: string): Service => ({
      name: "eks",
      protocol: { kind: "query", xmlns: "x" },
      operations: {
        Ask: { permissions: () => [{ action: answer, resource: "*" }], run: () => answer },
      },
    });
    const { Ask } = byAccount({ [ACCOUNT]: service("hub"), [SPOKE]: service("spoke") }).operations;
    const asked = (accountId: string) => {
      const caller = { accountId } as Caller;
      return [
        Ask?.permissions({}, caller)[0]?.action,
        Ask?.run({ operation: "Ask", input: {}, caller, requestId: "1", now: NOW }),
      ];
    };
    expect(asked(ACCOUNT)).toEqual(["hub", "hub"]);
    expect(asked(SPOKE)).toEqual(["spoke", "spoke"]);
    expect(() => asked("999999999999")).toThrow("The sandbox has no account 999999999999.");
  });
});
