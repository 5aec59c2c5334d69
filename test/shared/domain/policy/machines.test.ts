/** A machine decides nothing, whatever groups it is in, and nobody agrees with themselves through one. */
import { describe, expect, it } from "vitest";
import { aRequest, PROD, settings, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { PAYMENTS_GLASS } from "../../../../lab/fakes/glass-policy.ts";
import { BOT, policyWithMachine } from "../../../../lab/fakes/machine-policy.ts";
import type { Delegation } from "../../../../shared/domain/delegations/delegation.ts";
import { admit } from "../../../../shared/domain/policy/admission.ts";
import { mayApprove } from "../../../../shared/domain/policy/approval.ts";
import { approversOf } from "../../../../shared/domain/policy/approvers.ts";
import {
  isInForce,
  mayBeDelegate,
  standingFault,
} from "../../../../shared/domain/policy/delegated.ts";
import { checkAsk, hasAnyToDelegate } from "../../../../shared/domain/policy/delegation-ask.ts";
import { notADelegate } from "../../../../shared/domain/policy/delegation-refusals.ts";
import { mayEndDelegation } from "../../../../shared/domain/policy/delegation-rights.ts";
import { personBySlackUser } from "../../../../shared/domain/policy/identity.ts";
import { ownersOf } from "../../../../shared/domain/policy/machines.ts";
import { objectionsTo, termsOf } from "../../../../shared/domain/policy/objections.ts";
import {
  type AccessPolicy,
  hasRole,
  type Member,
  memberOf,
} from "../../../../shared/domain/policy/policy.ts";
import { decidersInGroups, ruleNamed } from "../../../../shared/domain/policy/policy-index.ts";
import {
  isAskedAsAny,
  mayRead,
  mayRevoke,
} from "../../../../shared/domain/policy/request-rights.ts";
import { isReviewer, reviewersOf } from "../../../../shared/domain/policy/review-rights.ts";
import { voiceOf } from "../../../../shared/domain/policy/voices.ts";
import type { AccessRequest, Approval } from "../../../../shared/domain/requests/request.ts";
import { checkStop } from "../../../../shared/domain/stops/judge-stop.ts";
import { liftersOf } from "../../../../shared/domain/stops/lifters.ts";
import { NO_STOPS } from "../../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const POLICY = policyWithMachine();
const LENIENT = policyWithMachine({ machine: { ownersApprove: true } });

function member(name: string, policy: AccessPolicy = POLICY): Member {
  const found = memberOf(policy, name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

const bot = member("deploy-bot");
const twin = member("twin");
const LEADS = [{ groups: ["payments-leads"], count: 1 }];
const review = { by: ["platform"], dueAt: T0, closed: null };

const delegation = (by: string, to: string): Delegation => ({
  id: countedId(9),
  by,
  to,
  from: T0,
  until: plusSeconds(T0, 3_600),
  createdAt: T0,
  ended: null,
});

/** The machine's request for Edit in payments-api on prod. */
const ofBot = (over: Parameters<typeof aRequest>[0] = {}): AccessRequest =>
  aRequest({ requester: "deploy-bot", machine: true, principalArn: BOT, ...over });

describe("A machine that is in every group", () => {
  it("It differs from a person in the same groups in all that decides, and in nothing that asks", () => {
    const request = aRequest();
    const rights = (one: Member) => ({
      admin: hasRole(POLICY, one, "admins"),
      auditor: hasRole(POLICY, one, "auditors"),
      approves: mayApprove(LEADS, one),
      reviews: isReviewer(one, { review }),
      isDelegate: mayBeDelegate(POLICY, one),
      hasToDelegate: hasAnyToDelegate(POLICY, one),
      endsDelegations: mayEndDelegation(POLICY, one, delegation("bob", "carol")),
      isAsked: isAskedAsAny(POLICY, one, [], request, T0),
      reads: mayRead(POLICY, one, request),
      revokes: mayRevoke(POLICY, one, request),
    });
    const all = (value: boolean) =>
      Object.fromEntries(Object.keys(rights(twin)).map((name) => [name, value]));
    expect(rights(twin)).toEqual(all(true));
    expect(rights(bot)).toEqual(all(false));
    const ask = { ...termsOf(request, T0), principalArn: BOT };
    const rule = ruleNamed(POLICY, "payments-edit");
    expect(rule && objectionsTo(POLICY, rule, bot, ask)).toEqual([]);
  });

  it("No list of people who decide has it", () => {
    const lists = [
      decidersInGroups(POLICY, ["payments-leads"]),
      liftersOf(POLICY, NO_STOPS, "carol"),
      reviewersOf(POLICY, { by: ["platform"] }, member("alice"), []),
      ...POLICY.rules.flatMap((rule) =>
        approversOf(POLICY, rule, member("alice"), []).map(({ people }) => people),
      ),
    ];
    expect(lists.length).toBeGreaterThan(4);
    for (const names of lists) {
      expect(names).toContain("twin");
      expect(names).not.toContain("deploy-bot");
    }
  });

  it("Neither its approval nor one for it as a delegator has a voice", () => {
    const rule = ruleNamed(POLICY, "payments-edit");
    const voice = (person: string, by?: string) =>
      voiceOf(POLICY, rule, aRequest(), {
        person,
        ...(by === undefined ? {} : { onBehalfOf: { person: by, delegation: countedId(9) } }),
      });
    expect(voice("twin")).toMatchObject({ name: "twin" });
    expect(voice("carol", "twin")).toMatchObject({ names: ["carol", "twin"] });
    expect(voice("deploy-bot")).toBeUndefined();
    expect(voice("deploy-bot", "twin")).toBeUndefined();
    expect(voice("carol", "deploy-bot")).toBeUndefined();
  });

  it("It is no part of a delegation: as delegate, as delegator, and as who ends one", () => {
    expect(isInForce(POLICY, delegation("bob", "twin"), T0)).toBe(true);
    expect(isInForce(POLICY, delegation("twin", "bob"), T0)).toBe(true);
    expect(isInForce(POLICY, delegation("bob", "deploy-bot"), T0)).toBe(false);
    expect(isInForce(POLICY, delegation("deploy-bot", "bob"), T0)).toBe(false);
    const own = delegation("bob", "deploy-bot");
    expect(mayEndDelegation(POLICY, bot, own)).toBe(false);
    const until = plusSeconds(T0, 3_600);
    const ask = (by: Member, to: string) => () =>
      checkAsk(POLICY, by, { to, from: null, until }, T0);
    expect(ask(twin, "bob")).not.toThrow();
    expect(ask(bot, "bob")).toThrow(expect.objectContaining({ code: "machine-asks-only" }));
    expect(ask(twin, "deploy-bot")).toThrow(expect.objectContaining({ code: "not-a-delegate" }));
    expect(notADelegate(POLICY, "deploy-bot").message).toContain("deploy-bot is a machine");
  });

  it("It stops nobody, and it lifts nothing", () => {
    for (const type of ["suspend", "drain"] as const) {
      const stop = (actor: string) => () =>
        checkStop(POLICY, NO_STOPS, {
          type,
          actor,
          person: type === "drain" ? null : "alice",
        });
      expect(stop("twin")).not.toThrow();
      expect(stop("deploy-bot")).toThrow(expect.objectContaining({ code: "forbidden" }));
    }
  });

  it("Every rule with breakGlass objects to it, and to nobody else for that", () => {
    for (const name of ["break-glass", PAYMENTS_GLASS]) {
      const rule = ruleNamed(POLICY, name);
      if (!rule) throw new Error(`There is no rule ${name}.`);
      const codes = (one: Member) =>
        objectionsTo(POLICY, rule, one, termsOf(aRequest(), T0)).map(({ code }) => code);
      expect(codes(bot)).toContain("machine-no-break-glass");
      expect(codes(twin)).not.toContain("machine-no-break-glass");
    }
  });

  it("No Slack user is a machine, whatever the file claims", () => {
    const known = member("deploy-bot");
    const identities = { ...known.identities, slack: ["T1/U1"] };
    const claimed = (person: Omit<Member, "name">) =>
      personBySlackUser({ ...POLICY, people: { ...POLICY.people, "deploy-bot": person } }, [
        "T1/U1",
      ]);
    const { machine: _, ...asPerson } = known;
    expect(claimed({ ...asPerson, identities })?.name).toBe("deploy-bot");
    expect(claimed({ ...known, identities })).toBeUndefined();
  });
});

describe("The owners of a machine", () => {
  const rule = (policy: AccessPolicy) => ruleNamed(policy, "payments-edit");

  it("They are people: another machine owns nothing", () => {
    expect(ownersOf(POLICY, "deploy-bot")).toEqual(["olga", "otto"]);
    expect(ownersOf(POLICY, "alice")).toEqual([]);
    const other = { ...member("olga"), machine: { owners: ["bot-owners"], ownersApprove: false } };
    const policy = { ...POLICY, people: { ...POLICY.people, olga: other } };
    expect(ownersOf(policy, "deploy-bot")).toEqual(["otto"]);
  });

  it("They read what it asks for and may end it, and others in no group may not", () => {
    const request = ofBot();
    for (const may of [mayRead, mayRevoke]) {
      expect(may(POLICY, member("olga"), request)).toBe(true);
      expect(may(POLICY, member("olga"), aRequest())).toBe(false);
    }
  });

  it("They are not among its approvers unless the policy says so, and are among those of others", () => {
    const approvers = (policy: AccessPolicy, name: string) => {
      const its = rule(policy);
      return its && approversOf(policy, its, member(name, policy), [])[0]?.people;
    };
    expect(approvers(POLICY, "deploy-bot")).toEqual(["bob", "twin"]);
    expect(approvers(LENIENT, "deploy-bot")).toEqual(["bob", "otto", "twin"]);
    expect(approvers(POLICY, "alice")).toEqual(["bob", "otto", "twin"]);
  });

  it("Their approval for it has no voice, for themselves, for others, or by others for them", () => {
    const voice = (policy: AccessPolicy, person: string, by?: string, request = ofBot()) =>
      voiceOf(policy, rule(policy), request, {
        person,
        ...(by === undefined ? {} : { onBehalfOf: { person: by, delegation: countedId(9) } }),
      });
    expect(voice(POLICY, "bob")).toBeDefined();
    expect(voice(POLICY, "otto")).toBeUndefined();
    expect(voice(POLICY, "otto", "bob")).toBeUndefined();
    expect(voice(POLICY, "bob", "otto")).toBeUndefined();
    expect(voice(LENIENT, "otto")).toBeDefined();
    expect(standingFault(POLICY, rule(POLICY), ofBot(), member("otto"))).toBe(
      "delegator-owns-machine",
    );
    expect(voice(POLICY, "otto", undefined, aRequest())).toBeDefined();
  });

  it("They are not asked to approve for it", () => {
    const asked = (policy: AccessPolicy, request: AccessRequest) =>
      isAskedAsAny(policy, member("otto", policy), [], request, T0);
    expect(asked(POLICY, ofBot())).toBe(false);
    expect(asked(LENIENT, ofBot())).toBe(true);
    expect(asked(POLICY, aRequest())).toBe(true);
  });
});

describe("What converge admits", () => {
  const approvedBy = (person: string, request: AccessRequest): AccessRequest => {
    const approval: Approval = {
      person,
      surface: "api",
      at: T0,
      proof: {},
      digest: request.digest,
    };
    const expiresAt = plusSeconds(T0, request.durationSeconds);
    return {
      ...request,
      state: "approved",
      approvals: [approval],
      approvedAt: T0,
      expiresAt,
      revokeAt: plusSeconds(expiresAt, -120),
    };
  };
  const admitted = (request: AccessRequest, policy = POLICY) =>
    admit(policy, request, settings(), plusSeconds(T0, 60), false);

  it("An approval by a machine is none, wherever it was stored", () => {
    expect(admitted(approvedBy("twin", aRequest()))).toEqual({ admitted: true });
    for (const forged of [aRequest(), ofBot({ principalArn: BOT })])
      expect(admitted(approvedBy("deploy-bot", forged))).toMatchObject({ admitted: false });
    expect(admitted(approvedBy("deploy-bot", aRequest()))).toMatchObject({ code: "not-approved" });
  });

  it("An approval by an owner of the machine that asked is none, unless the policy says so", () => {
    expect(admitted(approvedBy("bob", ofBot()))).toEqual({ admitted: true });
    expect(admitted(approvedBy("otto", ofBot()))).toMatchObject({ code: "not-approved" });
    expect(admitted(approvedBy("otto", ofBot()), LENIENT)).toEqual({ admitted: true });
  });

  it("A record that hides the machine gains nothing: its policy knows it", () => {
    const { machine: _, ...hidden } = approvedBy("otto", ofBot());
    expect(admitted(hidden)).toMatchObject({ admitted: false, code: "not-approved" });
  });

  it("Break-glass of a machine is refused, though its review is open", () => {
    const glass = (requester: string, principalArn: string) => {
      const asked = aRequest({
        requester,
        principalArn,
        rule: PAYMENTS_GLASS,
        breakGlass: true,
        requirements: [],
        durationSeconds: 1_800,
        cluster: PROD,
      });
      const open = { by: ["payments-leads"], dueAt: plusSeconds(T0, 3_600), closed: null };
      return { ...approvedBy("bob", asked), approvals: [], review: open };
    };
    expect(admitted(glass("alice", aRequest().principalArn))).toEqual({ admitted: true });
    expect(admitted(glass("deploy-bot", BOT))).toMatchObject({ code: "machine-no-break-glass" });
  });
});
