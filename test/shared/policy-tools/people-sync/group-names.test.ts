import { describe, expect, it } from "vitest";
import { groupNames } from "../../../../shared/policy-tools/people-sync/group-names.ts";
import { refuseManyLeavers } from "../../../../shared/policy-tools/people-sync/sync-people.ts";

describe("The groups of a directory that count", () => {
  it("Every group counts under its own name, unless some are chosen; a name of another script is left out", () => {
    expect([...groupNames(["Payments Leads", "SRE", "R&D", "\u958b\u767a"], undefined)]).toEqual([
      ["Payments Leads", "payments-leads"],
      ["SRE", "sre"],
      ["R&D", "r-d"],
    ]);
  });

  it("Chosen groups have the names that are chosen for them", () => {
    const chosen = [{ shown: "SRE" }, { shown: "\u958b\u767a", name: "dev" }];
    expect([...groupNames(["SRE", "\u958b\u767a", "Canteen"], chosen)]).toEqual([
      ["SRE", "sre"],
      ["\u958b\u767a", "dev"],
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "a group that the directory does not have",
      () => groupNames(["SRE"], [{ shown: "sre" }]),
      "The directory has no group sre. It has SRE.",
    ],
    [
      "a group that a large directory does not have",
      () => groupNames([..."abcdefghijklmno"], [{ shown: "sre" }]),
      "The directory has no group sre. It has a, b, c, d, e, f, g, h, i, j, k, l, and 3 more.",
    ],
    [
      "a group without a name of its own",
      () => groupNames(["\u958b\u767a"], [{ shown: "\u958b\u767a" }]),
      "No name of access.yaml can be made of the group \u958b\u767a.",
    ],
    [
      "two groups under one name",
      () => groupNames(["SRE", "sre"], undefined),
      "The groups SRE and sre would both be called sre, and rules could not tell them apart.",
    ],
    [
      "two groups that the directory calls the same",
      () => groupNames(["SRE", "SRE"], undefined),
      "The directory has two groups called SRE.",
    ],
  ])("%s: nothing is written", (_what, act, said) => {
    expect(act).toThrow(said);
  });
});

describe("A list that is probably not whole", () => {
  const people = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `person-${at}`,
        { email: "a@b.c", identities: {} },
      ]),
    );
  const leaving = (before: number, leave: number) => () =>
    refuseManyLeavers(people(before), {
      leaves: Array.from({ length: leave }, (_, at) => ({ name: `person-${at}`, because: "" })),
      people: people(before - leave),
    });

  it.each([
    [3, 3, false],
    [4, 4, true],
    [20, 4, false],
    [19, 4, true],
    [100, 20, false],
    [100, 21, true],
    [0, 0, false],
  ])("If %d people lose %d at once: it is refused: %s", (before, leave, refused) => {
    if (refused) expect(leaving(before, leave)).toThrow(`${leave} of ${before} people would leave`);
    else expect(leaving(before, leave)).not.toThrow();
  });
});
