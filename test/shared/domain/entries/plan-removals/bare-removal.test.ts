/** Removals that no save announces, and the names of sessions. */
import { describe, expect, it } from "vitest";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { bareRemoval } from "../../../../../shared/domain/entries/plan-removals.ts";
import {
  bindingSessionName,
  grantOfSession,
  grantSessionName,
} from "../../../../../shared/domain/entries/session-name.ts";
import type { EntryStep } from "../../../../../shared/domain/entries/step.ts";
import { aLedger, all, EDIT, GROUPS, groups, lent, ns, standing, VIEW } from "../situations.ts";

describe("A removal without a save", () => {
  const narrowed: EntryStep = {
    kind: "associate",
    target: EDIT,
    absorbed: [],
    scope: { type: "namespace", namespaces: ["a"] },
  };
  const ours = aLedger({
    targets: { [EDIT]: all(ns("a"), lent()), [GROUPS]: all(groups(["g"]), lent()) },
  });
  const theirs = aLedger({
    targets: { [EDIT]: all(ns("a"), standing()), [GROUPS]: all(groups(["g"]), standing()) },
  });
  const update: EntryStep = { kind: "update-groups", groups: ["g"], username: "alice" };

  it("A call that carries nothing stays as it is, whatever stands there", () => {
    const bare: readonly EntryStep[] = [
      { kind: "delete-entry" },
      { kind: "disassociate", target: EDIT },
      { kind: "update-groups", groups: [], username: "alice" },
    ];
    for (const step of bare)
      for (const ledger of [ours, theirs])
        expect(bareRemoval(ledger, step)).toEqual({ kind: "step", step });
  });

  it("Where all on a target is ours, all of it goes, and its username stays", () => {
    expect(bareRemoval(ours, narrowed)).toEqual({
      kind: "step",
      step: { kind: "disassociate", target: EDIT },
    });
    expect(bareRemoval(ours, update)).toEqual({
      kind: "step",
      step: { kind: "update-groups", groups: [], username: "alice" },
    });
  });

  it("Where its owner has something there, a save has to announce it", () => {
    expect(bareRemoval(theirs, narrowed)).toEqual({ kind: "needs-save", target: EDIT });
    expect(bareRemoval(theirs, update)).toEqual({ kind: "needs-save", target: GROUPS });
    expect(bareRemoval(theirs, { ...narrowed, target: VIEW })).toMatchObject({ kind: "step" });
  });
});

describe("The names of sessions", () => {
  it("One of a grant names it, and one of a binding names none", () => {
    const id = countedId(1);
    expect(grantOfSession(grantSessionName(id))).toBe(id);
    expect(grantSessionName(id)).not.toBe(grantSessionName(countedId(2)));
    const binding = "ab".repeat(32);
    for (const name of [bindingSessionName(binding), "somebody", "", null])
      expect(grantOfSession(name)).toBeUndefined();
  });

  it("Each is at most as long as STS allows", () => {
    expect(bindingSessionName("ab".repeat(32))).toHaveLength("timelatch-b-".length + 40);
    expect(grantSessionName(countedId(1)).length).toBeLessThanOrEqual(64);
  });
});
