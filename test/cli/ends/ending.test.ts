/** The commands that go on with ends, and the requests that a wait follows. */
import { describe, expect, it } from "vitest";
import { againOf, followed, statusOf } from "../../../cli/ends/ending.ts";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import { idOf } from "../sample-requests.ts";
import { aRequest } from "./sample-ends.ts";

const PLAN = planEnds([], { person: "alice", cluster: undefined, isOwn: false });

describe("The commands that go on with ends", () => {
  it.each([
    [true, undefined, "timelatch return --all", "timelatch status alice"],
    [
      true,
      "prod",
      "timelatch return --all --cluster prod",
      "timelatch status alice --cluster prod",
    ],
    [false, undefined, "timelatch revoke --all --who alice", "timelatch status alice"],
    [
      ...[false, "prod", "timelatch revoke --all --who alice --cluster prod"],
      "timelatch status alice --cluster prod",
    ],
  ] as const)("One's own: %s, on the cluster %s: %s", (isOwn, cluster, again, status) => {
    const plan = { ...PLAN, isOwn, cluster };
    expect([againOf(plan), statusOf(plan)]).toEqual([again, status]);
  });
});

describe("The requests that a wait follows", () => {
  const [one, other, before] = [
    ...[aRequest(1, "active"), aRequest(2, "active"), aRequest(3, "ending")],
  ] as const;
  const answer = { ...one, state: "ending" as const };
  const end = { verb: "revoke" as const, request: one, others: [other] };

  it("They are the answers, the others of their chains, and what was ending before", () => {
    const plan = { ...PLAN, ends: [end], underway: [before] };
    expect(followed(plan, { taken: [{ end, answer }], refused: [] })).toEqual([
      answer,
      other,
      before,
    ]);
  });

  it("Each is followed once, and none whose end was refused", () => {
    const plan = { ...PLAN, ends: [end], underway: [{ ...other, state: "ending" as const }] };
    const all = followed(plan, { taken: [{ end, answer }], refused: [] });
    expect(all.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
    expect(followed({ ...plan, underway: [] }, { taken: [], refused: [] })).toEqual([]);
  });
});
