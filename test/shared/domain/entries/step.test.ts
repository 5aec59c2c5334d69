import { describe, expect, it } from "vitest";
import {
  carriedBy,
  type EntryStep,
  stepTo,
  targetOf,
} from "../../../../shared/domain/entries/step.ts";
import { EDIT, GROUPS, groups, ns } from "./situations.ts";

const narrow: EntryStep = {
  kind: "associate",
  target: EDIT,
  scope: { type: "namespace", namespaces: ["b", "a"] },
  absorbed: [],
};
const whole: EntryStep = {
  kind: "associate",
  target: EDIT,
  scope: { type: "cluster" },
  absorbed: ns("a"),
};
const update: EntryStep = { kind: "update-groups", groups: ["y", "x"], username: null };

it.each([
  [{ kind: "delete-entry" } as const, undefined, []],
  [{ kind: "create-entry", token: "t" } as const, undefined, []],
  [{ kind: "disassociate", target: EDIT } as const, EDIT, []],
  [narrow, EDIT, ns("a", "b")],
  [whole, EDIT, ["cluster"]],
  [update, GROUPS, groups(["x", "y"])],
])("The step %j belongs to a target and leaves elements on it", (step, target, elements) => {
  expect(targetOf(step)).toBe(target);
  expect(carriedBy(step)).toEqual(elements);
});

describe("The step that leaves certain elements on a target", () => {
  it("A step changes the scope of an association in place", () => {
    expect(stepTo(EDIT, ns("a", "b"), "alice")).toEqual({
      kind: "associate",
      target: EDIT,
      scope: { type: "namespace", namespaces: ["a", "b"] },
      absorbed: [],
    });
  });

  it("A step names the namespaces that a whole cluster absorbs", () => {
    expect(stepTo(EDIT, ["cluster", ...ns("a")], null)).toEqual(whole);
  });

  it("A step disassociates where nothing is left", () => {
    expect(stepTo(EDIT, [], null)).toEqual({ kind: "disassociate", target: EDIT });
  });

  it.each(["alice", null])("A step sets all groups and includes the username %j", (username) => {
    const step = { kind: "update-groups", username } as const;
    expect(stepTo(GROUPS, groups(["x"]), username)).toEqual({ ...step, groups: ["x"] });
    expect(stepTo(GROUPS, [], username)).toEqual({ ...step, groups: [] });
  });
});
