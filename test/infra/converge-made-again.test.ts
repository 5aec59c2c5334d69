/** Converge's role is deleted by somebody, and made again: it is another principal, and still has to take access away. */
import { expect, it } from "vitest";
import { demandAssumeRole } from "../../lab/sandbox/aws/assume-role-decision.ts";
import { removeRole } from "../../lab/sandbox/aws/iam/remove-role.ts";
import type { IamState } from "../../lab/sandbox/aws/iam/state.ts";
import { memoryStore } from "../../lab/sandbox/aws/store.ts";
import { deployRoles } from "../../lab/sandbox/stack/deploy-roles.ts";
import { ACCOUNT } from "./broker.ts";
import { hub } from "./spoke-world.ts";

const CONVERGE = `arn:aws:iam::${ACCOUNT}:role/timelatch-converge`;
const NOW = new Date("2026-11-28T10:00:00Z");

function account() {
  const iam = memoryStore<IamState>({ accountId: ACCOUNT, roles: {}, credentials: {} });
  const deploy = () =>
    deployRoles(iam, memoryStore({ roleArns: [] }), { roles: hub.roles, managedPolicies: {} }, NOW);
  deploy();
  const assumes = async (name: string) => {
    const role = iam.state.roles[`arn:aws:iam::${ACCOUNT}:role/${name}`];
    const converge = iam.state.roles[CONVERGE];
    if (!role || !converge) throw new Error(`The hub has no ${name}.`);
    const caller = {
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/timelatch-converge/run`,
      principalArn: CONVERGE,
      accountId: ACCOUNT,
      userId: `${converge.roleId}:run`,
      accessKeyId: "ASIAEXAMPLE",
    };
    const asked = { role, sessionName: "timelatch-grant-1", sourceIdentity: "alice" };
    await demandAssumeRole(iam.state, asked, { caller, now: NOW });
  };
  return { iam, deploy, assumes };
}

it("Converge takes access away after its own role was deleted and deployed again", async () => {
  const { iam, deploy, assumes } = account();
  await assumes("timelatch-grantor");
  const before = iam.state.roles[CONVERGE]?.roleId;
  removeRole(iam.state, CONVERGE);
  deploy();
  expect(iam.state.roles[CONVERGE]?.roleId).not.toBe(before);
  await assumes("timelatch-grantor");
});
