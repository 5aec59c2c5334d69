/** Who of the sandbox may assume whose role, by the trust policies that are synthesized. */
import path from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import { readAccessFile } from "../../../infra/synth/access-file.ts";
import { addPeopleStacks, peopleWithRoles } from "../../../infra/synth/people.ts";
import { assignStacks } from "../../../infra/synth/people-stacks.ts";
import type { IamState } from "../../../sandbox/aws/iam/state.ts";
import { identify } from "../../../sandbox/aws/identities.ts";
import { memoryStore } from "../../../sandbox/aws/store.ts";
import { assumeRole } from "../../../sandbox/aws/sts/assume-role.ts";
import { deployRoles } from "../../../sandbox/stack/deploy-roles.ts";
import type { Template as TemplateJson } from "../../../sandbox/template/assembly.ts";
import { resolveTemplate } from "../../../sandbox/template/resolve.ts";
import { rolesOf } from "../../../sandbox/template/roles.ts";
import type { RoleResource } from "../../../sandbox/template/stack.ts";
import { ACCOUNT, REGION } from "../../../sandbox/world/account.ts";
import { initialIam, PEOPLE, profileCredential } from "../../../sandbox/world/people.ts";
import {
  declareSignIns,
  ownRoleArn,
  SIGN_INS,
  SOURCE_PROFILES,
  signInCredential,
} from "../../../sandbox/world/sign-ins.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { broker } from "../../infra/broker.ts";

const NOW = new Date("2026-11-24T10:00:00Z");
const POLICY = readAccessFile(
  path.resolve(import.meta.dirname, "../../../sandbox/own-roles/access.yaml"),
);
const PLACE = {
  ...{ account: ACCOUNT, region: REGION, stackName: "People" },
  ...{ awsUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" },
};

/** The roles of the synthesized stacks, with the policy to call the API. */
function rolesFor(policy: AccessPolicy): readonly RoleResource[] {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const hub = new Stack(app, "Timelatch");
  const record = assignStacks({}, peopleWithRoles(policy));
  addPeopleStacks(app, hub, policy, record, { account: ACCOUNT, region: REGION });
  const stacks = app.node.children.filter((one): one is Stack => Stack.isStack(one) && one !== hub);
  const call = broker(POLICY).ofType("AWS::IAM::ManagedPolicy");
  return stacks.flatMap((stack) =>
    rolesOf(resolveTemplate(Template.fromStack(stack).toJSON() as TemplateJson, PLACE), call),
  );
}

interface World {
  /** Whether the session of a profile may assume a person's own role, under any name of a session. */
  readonly may: (profile: string, person: string, sessionName?: string) => Promise<boolean>;
}

function world(roles: readonly RoleResource[], withUserId: boolean): World {
  const iam = memoryStore<IamState>(initialIam(NOW));
  declareSignIns(iam, withUserId, NOW);
  deployRoles(iam, memoryStore({ roleArns: [] as readonly string[] }), roles, NOW);
  const { run } = assumeRole(iam);
  return {
    async may(profile, person, sessionName = person) {
      const key = profileCredential(iam.state, profile) ?? signInCredential(iam.state, profile);
      if (!key) throw new Error(`${profile} has no session.`);
      const { caller } = identify(iam.state, key.accessKeyId, key.sessionToken, NOW);
      const input = { RoleArn: ownRoleArn(person), RoleSessionName: sessionName };
      const call = { operation: "AssumeRole", input, caller, requestId: "1", now: NOW };
      try {
        await run(call);
        return true;
      } catch (error) {
        if ((error as { code?: string }).code !== "AccessDenied") throw error;
        return false;
      }
    },
  };
}

const WITH_ROLES = ["alice", "bob", "carol", "dave"];
const PROFILES = [...PEOPLE, ...SIGN_INS.map(({ profile }) => profile)];

describe("Who may assume whose own role", () => {
  let roles: readonly RoleResource[];
  beforeAll(() => {
    roles = rolesFor(POLICY);
  });

  it("Everyone may assume their own role, and nobody anybody else's, whatever the session is called", async () => {
    const { may } = world(roles, true);
    const allowed: string[] = [];
    for (const profile of PROFILES)
      for (const person of [...WITH_ROLES, "mallory"])
        for (const name of [person, "alice@example.com"])
          if (await may(profile, person, name)) allowed.push(`${profile} ${person}`);
    expect([...new Set(allowed)]).toEqual([
      "bob bob",
      "alice-sso alice",
      "dave-sso dave",
      "carol-okta carol",
    ]);
    for (const person of WITH_ROLES)
      expect(await may(SOURCE_PROFILES[person] ?? "", person)).toBe(true);
  });

  it("Without users' ids in sessions, roles that ids pin are closed to everyone", async () => {
    const { may } = world(roles, false);
    for (const profile of PROFILES) expect(await may(profile, "alice")).toBe(false);
    expect(await may("carol-okta", "carol")).toBe(true);
  });

  it.each([true, false])(
    "Where names pin, people may assume their roles, with users' ids in sessions: %s",
    async (withUserId) => {
      const identity = POLICY.identity && {
        ...POLICY.identity,
        identityCenter: { permissionSets: ["Developers", "Auditors"], pin: "userName" as const },
      };
      const { may } = world(rolesFor({ ...POLICY, ...(identity ? { identity } : {}) }), withUserId);
      const allowed: string[] = [];
      for (const profile of PROFILES)
        for (const person of WITH_ROLES)
          if (await may(profile, person)) allowed.push(`${profile} ${person}`);
      expect(allowed).toEqual(["bob bob", "alice-sso alice", "dave-sso dave", "carol-okta carol"]);
    },
  );

  it("A permission set that the file does not name opens nothing", async () => {
    const identity = POLICY.identity && {
      ...POLICY.identity,
      identityCenter: { permissionSets: ["Auditors"], pin: "userId" as const },
    };
    const { may } = world(rolesFor({ ...POLICY, ...(identity ? { identity } : {}) }), true);
    expect(await may("alice-sso", "alice")).toBe(false);
    expect(await may("dave-sso", "dave")).toBe(true);
  });

  it("A renamed person keeps the role, and whoever gets their old name has no way into it", async () => {
    const { alice, mallory, ...others } = POLICY.people;
    if (!alice || !mallory) throw new Error("The file has neither alice nor mallory.");
    const { may } = world(
      rolesFor({
        ...POLICY,
        people: {
          ...others,
          alicia: alice,
          alice: { ...mallory, personalRole: "timelatch-person-mallory" },
        },
      }),
      true,
    );
    expect(await may("alice-sso", "alice")).toBe(true);
    expect(await may("mallory-sso", "alice")).toBe(false);
    expect(await may("mallory-sso", "mallory")).toBe(true);
    expect(await may("alice-sso", "mallory")).toBe(false);
  });
});
