import { describe, expect, it } from "vitest";
import { PROD, settings } from "../../../../lab/fakes/builders.ts";
import {
  capacityFor,
  countChange,
  hasRoom,
  tooManyGrants,
} from "../../../../shared/domain/policy/capacity.ts";
import { LIFECYCLE } from "../../../../shared/domain/requests/lifecycle.ts";
import type { State } from "../../../../shared/domain/requests/request.ts";

const MOST = { open: 18, ending: 40 };

describe("The capacity of a person in a binding", () => {
  it("The capacity reserves places for break-glass, which may use all", () => {
    expect(capacityFor({ breakGlass: false }, settings())).toEqual(MOST);
    expect(capacityFor({ breakGlass: true }, settings())).toEqual({ open: 20, ending: 40 });
  });

  it.each([
    ["with a free place", { open: 17, ending: 0 }, true],
    ["without a free place", { open: 18, ending: 0 }, false],
    ["beside as many ending grants as allowed", { open: 0, ending: 40 }, true],
    ["beside more ending grants than allowed", { open: 0, ending: 41 }, false],
  ])("The capacity decides on one more grant %s", (_where, has, expected) => {
    expect(hasRoom(has, MOST)).toBe(expected);
  });

  it("The counts return to zero on every way through the lifecycle", () => {
    const ways = (state: State, open: number, ending: number): readonly (readonly number[])[] => {
      const next = [...new Set(Object.values(LIFECYCLE[state]).flat())].filter(
        (to) => to !== state,
      );
      if (next.length === 0) return [[open, ending]];
      return next.flatMap((to) => {
        const change = countChange({ from: state, request: { state: to }, handsOn: false });
        return ways(to, open + change.open, ending + change.ending);
      });
    };
    const all = ways("pending", 0, 0);
    expect(all.length).toBeGreaterThan(5);
    expect(new Set(all.map(String))).toEqual(new Set(["0,0"]));
  });

  it("The counts include an approval that the policy made together with the request", () => {
    const first = (state: State) => countChange({ from: null, request: { state }, handsOn: false });
    expect(first("approved")).toEqual({ open: 1, ending: 0 });
    expect(first("pending")).toEqual({ open: 0, ending: 0 });
  });

  it("A grant hands its place on once, and takes none from then on", () => {
    const moved = (from: State, state: State, handsOn = false) =>
      countChange({ from, request: { state, extendedBy: "e" }, handsOn });
    expect(moved("active", "active", true)).toEqual({ open: -1, ending: 0 });
    expect(moved("active", "active")).toEqual({ open: 0, ending: 0 });
    expect(moved("active", "ending")).toEqual({ open: 0, ending: 1 });
    expect(moved("ending", "ended")).toEqual({ open: 0, ending: -1 });
  });

  it("No capacity limits an extension, because it has its predecessor's place", () => {
    expect(capacityFor({ breakGlass: false, extends: "g" }, settings())).toBeUndefined();
  });

  it("A refusal says which grants are too many, and what to do", () => {
    const request = { requester: "alice", cluster: PROD };
    const open = tooManyGrants(request, { open: 18, ending: 1 }, MOST);
    expect(open.message).toMatch(/alice has 18 .* on prod.* End one of those first/);
    const ending = tooManyGrants(request, { open: 1, ending: 41 }, MOST);
    expect(ending.message).toMatch(/41 grants of alice on prod are still ending.* Wait/);
    expect(ending.facts).toEqual({
      person: "alice",
      cluster: "prod",
      open: 1,
      ending: 41,
      most: MOST,
    });
  });
});
