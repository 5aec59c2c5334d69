/** A question to a policy says who is on call; a proof takes everyone for it. */
import { describe, expect, it } from "vitest";
import { ON_CALL_FILE, onCallPolicy } from "../../../lab/fakes/on-call-policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { parsePolicyTests } from "../../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { checkPolicy } from "../../../shared/policy-tools/check-policy.ts";
import { outcomeOf } from "../../../shared/policy-tools/expectations.ts";
import { proofOf } from "./prove/hole-policy.ts";

const NOW = "2026-12-01T02:00:00.000Z";

/** The faults of one expectation about carol. */
function faultsOf(rest: string): readonly string[] {
  const text = `version: 1
expectations:
  - name: carol at night
    who: carol
    ask: { cluster: prod, policy: AmazonEKSEditPolicy, namespaces: [payments-api], duration: 30m }
    ${rest}
`;
  const [expected] = parsePolicyTests(text).expectations ?? [];
  if (!expected) throw new Error("One expectation was written.");
  return outcomeOf(onCallPolicy(), expected, NOW).faults;
}

/** The codes of what a check finds about who is on call. */
const found = (from: string, to: string) => {
  expect(ON_CALL_FILE).toContain(from);
  return checkPolicy(parseAccessPolicy(ON_CALL_FILE.replaceAll(from, to)))
    .filter(({ code }) => code.startsWith("on-call-"))
    .map(({ code, detail }) => `${code}: ${detail}`);
};

describe("An expectation of a policy", () => {
  it.each([
    ["carol is on call", "{ primary: [carol] }", "allow: { rule: on-call-prod, approvers: [] }"],
    ["somebody else is", "{ primary: [dave] }", "allow: { rule: break-glass }"],
    ["nobody is", "{}", "deny: { rule: on-call-prod, objections: [not-on-call] }"],
    ["it is unknown", "unknown", "deny: { rule: on-call-prod, objections: [on-call-unknown] }"],
  ])("It holds where %s", (_, onCall, outcome) => {
    const isDenied = outcome.startsWith("deny");
    const named = isDenied && onCall === "{}";
    const faults = faultsOf(`onCall: ${onCall}\n    ${outcome}`);
    // Where nobody is on call, break-glass decides: the rule is asked about by name.
    expect(faults).toEqual(named ? ["It is allowed by break-glass."] : []);
  });

  it("A schedule or a person that the policy does not have is a fault of the expectation", () => {
    expect(faultsOf("onCall: { primry: [carol] }\n    allow: {}")).toEqual([
      "The policy has no schedule primry.",
    ]);
    expect(faultsOf("onCall: { primary: [carrol] }\n    allow: {}")).toEqual([
      "The policy has nobody called carrol.",
    ]);
  });
});

describe("A proof about a policy", () => {
  it("It takes everyone as on call, since everyone may be", () => {
    const claim = {
      reach: { cluster: "prod", policy: "AmazonEKSEditPolicy" },
      who: { people: ["carol"] },
      people: 1,
      except: [{ rule: "break-glass" }],
    };
    expect(proofOf(onCallPolicy(), claim).breach).toBeDefined();
  });
});

describe("The check of a policy whose rules ask who is on call", () => {
  it("It finds nothing where automatic approvals have a limit and everyone has an id", () => {
    expect(found("version: 1", "version: 1")).toEqual([]);
  });

  it("It warns of a shift in an approver's place without a limit", () => {
    expect(found("    atMost: { times: 9, per: 1d }\n", "")).toEqual([
      "on-call-without-limit: on-call-prod lends without an approver, as often as somebody of it is on call in primary. Whoever may write an override there puts themself on call. Write atMost, or name approvers.",
    ]);
  });

  it("It warns of people whose ids are missing, since a rule lends them nothing", () => {
    expect(found(", outside: { pagerduty: PCAR01 }", "")).toEqual(
      ["on-call-prod", "on-call-approved"].map(
        (rule) =>
          `on-call-without-id: The file has no id at pagerduty of carol. So ${rule} lends them nothing. Write it in outside.`,
      ),
    );
  });

  it("It says for whom cluster admin is that nobody approves", () => {
    const admin = ON_CALL_FILE.replace(
      'policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }\n    duration: { max: 2h',
      "policies: [AmazonEKSClusterAdminPolicy], scope: cluster }\n    duration: { max: 2h",
    );
    expect(
      checkPolicy(parseAccessPolicy(admin))
        .map(({ detail }) => detail)
        .join(),
    ).toContain(
      "on-call-prod lends AmazonEKSClusterAdminPolicy to whoever is on call in primary, without an approver",
    );
  });
});
