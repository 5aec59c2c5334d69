import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { openGlassOf } from "../../../../shared/domain/policy/open-glass.ts";

const END = "2026-11-24T11:00:00.000Z";
const BEFORE = "2026-11-24T10:59:59.999Z";
const glass = {
  ...aRequest(),
  requester: "alice",
  breakGlass: true,
  state: "active",
  revokeAt: END,
} as const;

describe("The open break-glass of a person", () => {
  it.each<[string, object, string, boolean]>([
    ["theirs", {}, BEFORE, true],
    ["theirs that has not begun", { state: "approved" }, BEFORE, true],
    ["theirs that has no end yet", { state: "approved", revokeAt: null }, END, true],
    ["of somebody else with the same principal", { requester: "bob" }, BEFORE, false],
    ["of a rule that is for no emergency", { breakGlass: false }, BEFORE, false],
    ["that is over", {}, END, false],
    ["that ends", { state: "ending" }, BEFORE, false],
    ["that waits for an approval", { state: "pending", revokeAt: null }, BEFORE, false],
  ])("One %s", (_, change, at, isOpen) => {
    const grant = { ...glass, ...change };
    expect(openGlassOf([grant], "alice", at)).toBe(isOpen ? grant : undefined);
  });
});
