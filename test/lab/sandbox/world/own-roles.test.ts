/**
 * The trust of the sandbox's roles: who may assume whose, by the trust policies that are
 * synthesized.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import { identify } from "../../../../lab/sandbox/aws/identities.ts";
import type { Caller } from "../../../../lab/sandbox/aws/service.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { assumeRole } from "../../../../lab/sandbox/aws/sts/assume-role.ts";
import { deployRoles } from "../../../../lab/sandbox/stack/deploy-roles.ts";
import type { RoleResource } from "../../../../lab/sandbox/template/stack.ts";
import {
  initialIam,
  ownRoleArn,
  PEOPLE,
  profileCredential,
} from "../../../../lab/sandbox/world/people.ts";
import {
  declareSignIns,
  SIGN_INS,
  signInCredential,
} from "../../../../lab/sandbox/world/sign-ins.ts";
import { SAMPLE } from "../../../infra/broker.ts";
import { ownRolesOf } from "./own-roles.ts";

const NOW = new Date("2026-11-24T10:00:00Z");
const POLICY = SAMPLE;

interface World {
  /** Whether IAM lets the session of a profile assume a person's own role, under any name and tags of a session. */
  readonly may: (
    profile: string,
    person: string,
    sessionName?: string,
    tags?: readonly { readonly Key: string; readonly Value: string }[],
  ) => Promise<boolean>;
  /** The session that a profile gets of a person's own role. */
  readonly session: (profile: string, person: string) => Promise<Caller>;
}

function world(roles: readonly RoleResource[], withUserId: boolean): World {
  const iam = memoryStore<IamState>(initialIam(NOW));
  declareSignIns(iam, withUserId, NOW);
  const deployed = memoryStore({ roleArns: [] as readonly string[] });
  deployRoles(iam, deployed, { roles, managedPolicies: {} }, NOW);
  const { run } = assumeRole(iam);
  const assume = async (
    profile: string,
    person: string,
    sessionName: string,
    tags?: readonly object[],
  ) => {
    const key = profileCredential(iam.state, profile) ?? signInCredential(iam.state, profile);
    if (!key) throw new Error(`${profile} has no session.`);
    const { caller } = identify(iam.state, key.accessKeyId, key.sessionToken, NOW);
    const asked = { RoleArn: ownRoleArn(person), RoleSessionName: sessionName };
    const input = { ...asked, ...(tags ? { Tags: tags } : {}) };
    const call = { operation: "AssumeRole", input, caller, requestId: "1", now: NOW };
    return await run(call);
  };
  return {
    async session(profile, person) {
      const { Credentials } = (await assume(profile, person, person)) as {
        readonly Credentials: { readonly AccessKeyId: string; readonly SessionToken: string };
      };
      return identify(iam.state, Credentials.AccessKeyId, Credentials.SessionToken, NOW).caller;
    },
    async may(profile, person, sessionName = person, tags) {
      try {
        await assume(profile, person, sessionName, tags);
        return true;
      } catch (error) {
        const { code, message } = error as { readonly code?: string; readonly message: string };
        // The sandbox asks IAM first, and then refuses new tags by name.
        if (code === "ValidationError" && message.includes("that IAM permits")) return true;
        if (code !== "AccessDenied") throw error;
        return false;
      }
    },
  };
}

const WITH_ROLES = ["alice", "bob", "carol", "dave"];
const PROFILES = [...new Set([...PEOPLE, ...SIGN_INS.map(({ profile }) => profile)])];

describe("The trust of people's own roles", () => {
  let roles: readonly RoleResource[];
  beforeAll(() => {
    roles = ownRolesOf(POLICY);
  });

  it("Everyone may assume their own role, and nobody anybody else's, whatever the session is called", async () => {
    const { may } = world(roles, true);
    const allowed: string[] = [];
    for (const profile of PROFILES)
      for (const person of [...WITH_ROLES, "mallory"])
        for (const name of [person, "alice@example.com"])
          if (await may(profile, person, name)) allowed.push(`${profile} ${person}`);
    expect([...new Set(allowed)]).toEqual(["alice alice", "bob bob", "carol carol", "dave dave"]);
  });

  it("Nobody gets into another person's role by tags for the new session", async () => {
    const { may } = world(roles, true);
    const { userId = "" } = POLICY.people["alice"]?.identities.identityCenter ?? {};
    expect(userId).not.toBe("");
    const tags = ["identitystore:UserId", "aws:userid", "UserId"].map((Key) => ({
      Key,
      Value: userId,
    }));
    for (const profile of ["bob", "carol", "dave", "mallory", "mallory-sso"])
      expect(await may(profile, "alice", "alice", tags), profile).toBe(false);
    expect(await may("alice", "alice", "alice", tags)).toBe(true);
  });

  it("A person whose provider sets a source identity and transitive tags may assume their role, and keeps both", async () => {
    const { session } = world(roles, true);
    const { sourceIdentity, transitiveTags } = await session("carol", "carol");
    expect(sourceIdentity).toBe("carol@example.com");
    expect(transitiveTags).toEqual({ Department: "platform", CostCenter: "4711" });
  });

  it("Without users' ids in sessions, roles that ids pin are closed to everyone", async () => {
    const { may } = world(roles, false);
    for (const profile of PROFILES) expect(await may(profile, "alice")).toBe(false);
    expect(await may("carol", "carol")).toBe(true);
  });

  it.each([true, false])(
    "Where names pin, people may assume their roles, with users' ids in sessions: %s",
    async (withUserId) => {
      const identity = POLICY.identity && {
        ...POLICY.identity,
        identityCenter: { permissionSets: ["Developers", "Auditors"], pin: "userName" as const },
      };
      const { may } = world(
        ownRolesOf({ ...POLICY, ...(identity ? { identity } : {}) }),
        withUserId,
      );
      const allowed: string[] = [];
      for (const profile of PROFILES)
        for (const person of WITH_ROLES)
          if (await may(profile, person)) allowed.push(`${profile} ${person}`);
      expect(allowed).toEqual(["alice alice", "bob bob", "carol carol", "dave dave"]);
    },
  );

  it("A permission set that the file does not name opens nothing", async () => {
    const identity = POLICY.identity && {
      ...POLICY.identity,
      identityCenter: { permissionSets: ["Auditors"], pin: "userId" as const },
    };
    const { may } = world(ownRolesOf({ ...POLICY, ...(identity ? { identity } : {}) }), true);
    expect(await may("alice", "alice")).toBe(false);
    expect(await may("dave", "dave")).toBe(true);
  });

  it("A renamed person keeps the role, and whoever gets their old name has no way into it", async () => {
    const { alice, dave, ...others } = POLICY.people;
    if (!alice || !dave) throw new Error("The file has neither alice nor dave.");
    const { may } = world(
      ownRolesOf({
        ...POLICY,
        people: {
          ...others,
          alicia: alice,
          alice: dave,
        },
      }),
      true,
    );
    expect(await may("alice", "alice")).toBe(true);
    expect(await may("dave", "alice")).toBe(false);
    expect(await may("dave", "dave")).toBe(true);
    expect(await may("alice", "dave")).toBe(false);
  });
});
