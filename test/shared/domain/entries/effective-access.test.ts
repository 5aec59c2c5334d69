import { describe, expect, it } from "vitest";
import { ALICE, aFirstStep, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { EDIT, edit, VIEW, view } from "../../../../lab/fakes/memory-broker.ts";
import {
  type EffectiveAccess,
  type EntryOnRecord,
  effectiveAccess,
} from "../../../../shared/domain/entries/effective-access.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const EARLIER = plusSeconds(T0, -60);
const LATER = plusSeconds(T0, 3_600);
const LAST = plusSeconds(T0, 7_200);

const grant = (id: string, over: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aFirstStep({ access: edit("a") }).request,
  id,
  state: "active",
  effectiveAt: T0,
  approvedAt: T0,
  revokeAt: LATER,
  expiresAt: LATER,
  ...over,
});

const said = (entry: Partial<EntryOnRecord>) =>
  effectiveAccess(
    { clusterArn: PROD.arn, principalArn: ALICE, grants: [], standing: undefined, ...entry },
    T0,
  ).map(({ target, elements, state, by, until }: EffectiveAccess) => ({
    target,
    elements,
    state,
    by,
    until,
  }));

const row = (by: string, state: string, until: string | null, elements = ["ns/a"]) => ({
  target: EDIT,
  elements,
  state,
  by,
  until,
});

describe("The access of a principal", () => {
  it.each<readonly [string, Partial<AccessRequest>, string | undefined]>([
    ["an active grant is there", {}, "there"],
    ["a grant that is over may still be there", { state: "ending" }, "ending"],
    ["a started grant may be there", { state: "approved", startsAt: null }, "may-be-there"],
    ["a grant may be there from its start on", { state: "approved", startsAt: T0 }, "may-be-there"],
    [
      "a grant that starts within ten seconds may be there, by a clock that is ahead",
      { state: "approved", startsAt: plusSeconds(T0, 10) },
      "may-be-there",
    ],
    [
      "a grant that starts in more than ten seconds is coming",
      { state: "approved", startsAt: plusSeconds(T0, 10.001) },
      "coming",
    ],
    ["a grant for later is coming", { state: "approved", startsAt: LATER }, "coming"],
    ["a pending request gives nothing", { state: "pending" }, undefined],
    ["an ended grant gives nothing", { state: "ended" }, undefined],
    ["a failed grant gives nothing", { state: "failed" }, undefined],
  ])("One grant, %s", (_, over, state) => {
    const expected = state === undefined ? [] : [row("g1", state, LATER)];
    expect(said({ grants: [grant("g1", over)] })).toEqual(expected);
  });

  it.each([
    ["approved", LATER, LATER],
    ["approved", T0, null],
    ["active", EARLIER, null],
    ["ending", EARLIER, null],
  ] as const)(
    "A grant that is %s with its start at %s is said with %s",
    (state, startsAt, from) => {
      const grants = [grant("g1", { state, startsAt })];
      const entry = { clusterArn: PROD.arn, principalArn: ALICE, grants, standing: undefined };
      expect(effectiveAccess(entry, T0)).toMatchObject([{ by: "g1", from }]);
    },
  );

  it("The one that is there is said of two grants of the same, and of two such the last to end", () => {
    const ending = grant("g1", { state: "ending", revokeAt: LAST });
    const short = grant("g2");
    const long = grant("g3", { revokeAt: LAST });
    expect(said({ grants: [ending, short] })).toEqual([row("g2", "there", LATER)]);
    expect(said({ grants: [short, ending, long] })).toEqual([row("g3", "there", LAST)]);
  });

  it("An element that one grant loses and another is about to give is said with the one that gives it", () => {
    const ending = grant("g1", { state: "ending" });
    const next = grant("g2", { state: "approved", startsAt: null, revokeAt: LAST });
    expect(said({ grants: [ending, next] })).toEqual([row("g2", "may-be-there", LAST)]);
  });

  it("Ending access is gone by the last instant of its grant, not by when its removal begins", () => {
    const ending = grant("g1", { state: "ending", expiresAt: LAST });
    expect(said({ grants: [ending] })).toEqual([row("g1", "ending", LAST)]);
  });

  it("Once its last instant has passed, nobody says by when it is gone", () => {
    const late = grant("g1", { state: "ending", revokeAt: EARLIER, expiresAt: T0 });
    expect(said({ grants: [late] })).toEqual([row("g1", "ending", null)]);
  });

  it.each(["active", "approved"] as const)("A grant that is %s past its end is ending", (state) => {
    const over = grant("g1", { state, revokeAt: T0, expiresAt: LATER });
    expect(said({ grants: [over] })).toEqual([row("g1", "ending", LATER)]);
  });

  it("A grant is said for what no other gives", () => {
    const wide = grant("g1", { access: edit("a", "b"), state: "ending" });
    expect(said({ grants: [wide, grant("g2")] })).toEqual([
      row("g2", "there", LATER),
      row("g1", "ending", LATER, ["ns/b"]),
    ]);
  });

  it("Another access policy is another access", () => {
    const other = grant("g2", { access: view("a") });
    expect(said({ grants: [grant("g1"), other] })).toMatchObject([
      { target: EDIT, by: "g1" },
      { target: VIEW, by: "g2" },
    ]);
  });

  it("An extended grant ends with its last extension that is active", () => {
    const first = grant("g1", { extendedBy: "g2" });
    const second = grant("g2", { extends: "g1", revokeAt: LAST });
    expect(said({ grants: [first, second] })).toEqual([row("g2", "there", LAST)]);
    const coming = { ...second, state: "approved", startsAt: LATER } as const;
    expect(said({ grants: [first, coming] })).toEqual([row("g1", "there", LATER)]);
  });

  it("A grant whose end others moved behind its extension's has no end that has passed", () => {
    const first = grant("g1", { extendedBy: "g2", revokeAt: LAST });
    const second = grant("g2", { extends: "g1", revokeAt: T0 });
    expect(said({ grants: [first, second] })).toEqual([row("g1", "there", LAST)]);
  });

  it("A planted circle of extensions ends the search, and hides nothing", () => {
    const circle = [
      grant("g1", { extendedBy: "g2" }),
      grant("g2", { extendedBy: "g3" }),
      grant("g3", { extendedBy: "g2" }),
    ];
    expect(said({ grants: circle }).map(({ state }) => state)).toEqual(["there"]);
    expect(said({ grants: [grant("g1", { extendedBy: "g1" })] })).toHaveLength(1);
  });

  it("Standing access has no end, and comes before a grant of the same", () => {
    const policies = [{ policyArn: EDIT, power: "edit" as const, elements: ["ns/a"] }];
    const standing = { policies, groups: ["ops"], readAt: T0 };
    expect(said({ grants: [grant("g1")], standing })).toEqual([
      row("standing access", "there", null),
      { ...row("standing access", "there", null, ["group/ops"]), target: "groups" },
    ]);
  });
});

describe("Several grants that give the same", () => {
  it("The one that ends last is said, in whatever order they come, and of equals the first by its id", () => {
    const ends = [grant("b", { revokeAt: LAST }), grant("a"), grant("c", { revokeAt: LAST })];
    for (const [one, two, three] of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ] as const) {
      const grants = [ends[one], ends[two], ends[three]].flatMap((each) => each ?? []);
      expect(said({ grants })).toEqual([row("b", "there", LAST)]);
    }
  });

  it("What comes first is said of two grants that are coming, though the other ends later", () => {
    const approved = { state: "approved", approvedAt: EARLIER } as const;
    const second = grant("g1", { ...approved, startsAt: LATER, revokeAt: LAST });
    const first = grant("g2", { ...approved, startsAt: plusSeconds(T0, 60), revokeAt: LATER });
    const entry = { clusterArn: PROD.arn, principalArn: ALICE, standing: undefined };
    for (const grants of [
      [first, second],
      [second, first],
    ])
      expect(effectiveAccess({ ...entry, grants }, T0)).toMatchObject([
        { by: "g2", state: "coming", from: plusSeconds(T0, 60), until: LATER },
      ]);
  });

  it("The one that ends last is said of two grants that begin at one instant", () => {
    const later = { state: "approved", startsAt: LATER } as const;
    const short = grant("g1", { ...later, revokeAt: plusSeconds(LATER, 60) });
    const long = grant("g2", { ...later, revokeAt: LAST });
    expect(said({ grants: [short, long] })).toEqual([row("g2", "coming", LAST)]);
  });

  it("Standing access without groups is no access by groups", () => {
    const policies = [{ policyArn: EDIT, power: "edit" as const, elements: ["ns/a"] }];
    const standing = { policies, groups: [], readAt: T0 };
    expect(said({ standing })).toEqual([row("standing access", "there", null)]);
  });
});
