/** Requests that were played are judged again: under their own policy, and under one without its hole. */
import { describe, expect, it } from "vitest";
import { TICKET_FILE, ticketBroker } from "../../../../lab/fakes/ticket-policy.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { replayPolicy } from "../../../../shared/policy-tools/replay/replay-policy.ts";
import { EDIT, one } from "../prove/hole.ts";
import { smallPolicy } from "../prove/hole-policy.ts";
import { HOLES } from "../prove/holes.ts";
import { breachOf, playSteps } from "../prove/played-steps.ts";
import { recordOf, replayed, verdicts } from "./played-record.ts";

const reached = HOLES.filter(({ claim }) => "reach" in claim);

describe("policy replay", () => {
  it.each(reached)(
    "It decides as the record did under the same policy, where $name",
    async (hole) => {
      const { policy, steps } = breachOf(hole);
      const { broker } = await playSteps(policy, steps);
      const found = replayed(broker, policy, policy);
      expect(found.contradictions).toEqual([]);
      expect(new Set(verdicts(found))).toEqual(new Set(["same"]));
    },
  );

  it.each(reached)(
    "Fewer approvals than were given are missed under the same policy, where $name",
    async (hole) => {
      const { policy, steps } = breachOf(hole);
      const { broker, requests } = await playSteps(policy, steps);
      const record = recordOf(broker, policy);
      for (const [id, each] of record.requests) {
        if (each.grantedBy !== "people") continue;
        const request = { ...each.request, approvals: each.request.approvals.slice(1) };
        record.requests.set(id, { ...each, request });
      }
      const expected = requests.map(({ approvals }) =>
        approvals.length > 0 ? "others-needed" : "same",
      );
      const found = replayPolicy(policy, record, () => true);
      expect(verdicts(found)).toEqual(expected);
      expect(found.contradictions).toHaveLength(expected.filter((each) => each !== "same").length);
    },
  );

  it.each([
    ["a second approver", { approval: [{ groups: ["leads"], count: 2 }] }, ["others-needed"]],
    [
      "approvers of another group",
      { approval: [{ groups: ["ops"], count: 1 }] },
      ["others-needed"],
    ],
    ["nobody's approval", { approval: "none" }, ["nobody-asked"]],
    ["a shorter time", { duration: { max: "5m" } }, ["refused"]],
    ["another cluster", { clusters: ["test"] }, ["refused"]],
    ["other people", { who: { groups: ["ops"] } }, ["refused"]],
    ["the same, and more", { duration: { max: "2h" }, clusters: ["prod", "test"] }, ["same"]],
  ])("A request that was granted is judged under %s", async (_, rule, expected) => {
    const { policy, steps } = breachOf({ name: "", claim: EDIT, hole: one(), twin: one() });
    const { broker } = await playSteps(policy, steps);
    const found = replayed(broker, policy, smallPolicy(one(rule)));
    expect(verdicts(found)).toEqual(expected);
    expect(found.contradictions).toEqual([]);
  });

  it("It names those whose approval is missing, and how many", async () => {
    const { policy, steps } = breachOf({ name: "", claim: EDIT, hole: one(), twin: one() });
    const { broker } = await playSteps(policy, steps);
    const found = replayed(
      broker,
      policy,
      smallPolicy(one({ approval: [{ groups: ["leads"], count: 2 }] })),
    );
    const [approver] = found.replays[0]?.request.approvals ?? [];
    expect(found.replays[0]?.replayed).toMatchObject({
      missing: [
        {
          count: 1,
          groups: ["leads"],
          people: ["bob", "cat"].filter((name) => name !== approver?.person),
        },
      ],
    });
  });

  it("A request whose ticket nobody read stays as it was, though nobody has to approve it", async () => {
    const broker = ticketBroker();
    await broker.askFor();
    const policy = parseAccessPolicy(TICKET_FILE);
    const found = replayed(broker, policy, policy);
    expect(verdicts(found)).toEqual(["same"]);
    expect(found.contradictions).toEqual([]);
  });

  it("A pending request stays as it was, and one that nobody has to approve now is granted", async () => {
    const { policy, steps } = breachOf({ name: "", claim: EDIT, hole: one(), twin: one() });
    const { broker } = await playSteps(policy, steps.slice(0, 1));
    expect(verdicts(replayed(broker, policy, policy))).toEqual(["same"]);
    const open = smallPolicy(one({ approval: "none" }));
    expect(verdicts(replayed(broker, policy, open))).toEqual(["nobody-asked"]);
  });

  it("A person, and a policy, that the record names and nobody has are said", async () => {
    const { policy, steps } = breachOf({ name: "", claim: EDIT, hole: one(), twin: one() });
    const { broker } = await playSteps(policy, steps);
    const left = smallPolicy({ people: { bob: ["leads"], cat: ["leads"] }, rules: [{}] });
    const record = { ...recordOf(broker, policy), policies: new Map() };
    const found = replayPolicy(left, record, () => true);
    expect(found.replays).toMatchObject([
      { isAssumed: true, replayed: { verdict: "refused", code: "unknown-person" } },
    ]);
    expect(found.missingPolicies).toEqual([broker.tables.events[0]?.policyHash]);
  });
});
