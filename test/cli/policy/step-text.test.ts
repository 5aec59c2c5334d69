import { describe, expect, it } from "vitest";
import { stepText } from "../../../cli/policy/step-text.ts";
import { T0 } from "../../../lab/fakes/builders.ts";
import { onCallPolicy } from "../../../lab/fakes/on-call-policy.ts";
import { TICKET_FILE } from "../../../lab/fakes/ticket-policy.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { stepsOf } from "../../../shared/policy-tools/prove/steps.ts";
import { EDIT } from "../../shared/policy-tools/prove/hole.ts";
import { proofOf } from "../../shared/policy-tools/prove/hole-policy.ts";
import { HOLES } from "../../shared/policy-tools/prove/holes.ts";
import { breachOf } from "../../shared/policy-tools/prove/played-steps.ts";

const WIDE = 1_000;
const textsOf = (steps: ReturnType<typeof stepsOf>) => steps.map((step) => stepText(step, WIDE));

/** The steps around a hole that others know by its name. */
function around(name: string): readonly string[] {
  const hole = HOLES.find((one) => one.name === name);
  if (!hole) throw new Error(`No hole is called so: ${name}`);
  return textsOf(breachOf(hole).steps);
}

function stepsUnder(policy: AccessPolicy, claim: object): readonly string[] {
  const { breach } = proofOf(policy, claim);
  if (breach?.kind !== "reach") throw new Error("The claim was expected to fail.");
  return textsOf(stepsOf(policy, "prod", breach, T0));
}

describe("A step around a claim, as a command", () => {
  it("A request for a ticket names one of its tracker, and says what has to be so", () => {
    const policy = parseAccessPolicy(TICKET_FILE);
    expect(stepsUnder(policy, { ...EDIT, except: [{ rule: "break-glass" }] })).toEqual([
      expect.stringMatching(
        / --ticket PAY-1 --rule ticket-edit {3}# as alice, while PAY-1 is open or in-progress and assigned to them$/,
      ),
    ]);
    const except = [{ rule: "break-glass" }, { rule: "ticket-edit" }];
    const view = { reach: { cluster: "prod", policy: "AmazonEKSViewPolicy" }, except };
    expect(stepsUnder(policy, view)).toEqual([
      expect.stringMatching(/ --ticket PAY-1 .*, while PAY-1 is open and made by somebody else$/),
      "timelatch approve <request 1>   # as bob",
    ]);
  });

  it.each([
    ["serviceNow: { instance: example }", "--ticket INC0000001 "],
    ["github: { owner: example, repository: operations }", "--ticket '#1' "],
  ])("The tracker's service decides what a ticket looks like: %s", (tracker, option) => {
    const jira = "jira: { site: example.atlassian.net, projects: [PAY, INC] }";
    const policy = parseAccessPolicy(TICKET_FILE.replace(jira, tracker));
    expect(stepsUnder(policy, { ...EDIT, except: [{ rule: "break-glass" }] })[0]).toContain(option);
  });

  it("Whoever has to be on call is said to be", () => {
    const claim = { reach: { cluster: "prod", namespaces: ["payments-api"] }, people: 1 };
    const [first] = stepsUnder(onCallPolicy(), claim);
    expect(first).toMatch(/ {3}# as \w+, while on call in primary$/);
  });

  it("A delegation is a command of its own, before the request, and earlier where it stands already", () => {
    const name =
      "an approver who can decide on no surface of the rule delegates to somebody who can";
    expect(around(name)).toEqual([
      "timelatch delegate --to dan --until 2026-11-24T11:00:00Z   # as bob",
      expect.stringMatching(/^timelatch request .* # as ann$/),
      "timelatch approve <request 1> --on-behalf-of bob   # as dan in Slack",
    ]);
    expect(around("delegators who did so before lend their standing")[0]).toMatch(
      /^timelatch delegate --to \w+ --until \S+ {3}# as bob, earlier$/,
    );
  });

  it("A machine asks by the hands of an owner", () => {
    expect(around("a machine needs nobody")).toEqual([
      expect.stringMatching(/ {3}# as bot, by its owner kim$/),
    ]);
  });

  it("Extensions that need nobody follow, each of the one before", () => {
    const extended = around("extensions that need nobody are part of one decision");
    expect(extended.slice(2)).toEqual([
      "timelatch extend <request 1> --duration 1h   # as ann, before it ends",
      "timelatch extend <extension 1 of request 1> --duration 1h   # as ann, before it ends",
    ]);
  });
});
