import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GROUPS, groupElements } from "../../../shared/domain/access.ts";
import type { Claim } from "../../../shared/domain/claim.ts";
import { type ElementSet, EMPTY } from "../../../shared/domain/element-set.ts";
import { type Ledger, openLedger, TAG_TOKEN } from "../../../shared/domain/ledger.ts";
import { type ActualEntry, observe } from "../../../shared/domain/observe.ts";
import { desiredOf, type EntryStep, planSteps } from "../../../shared/domain/plan.ts";
import { scopeElements } from "../../../shared/domain/scope.ts";

const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const NOW = "2026-11-24T10:00:00.000Z";
const ns = (...namespaces: string[]) => scopeElements({ type: "namespace", namespaces });
const whole = scopeElements({ type: "cluster" });
const ledger = (over: Partial<Ledger> = {}): Ledger => ({
  ...openLedger({ binding: "b", clusterArn: "c", principalArn: "p" }, "token-1"),
  ...over,
});
const entry = (targets: ActualEntry["targets"], over: Partial<ActualEntry> = {}): ActualEntry => ({
  accessEntryArn: "arn:entry/1",
  type: "STANDARD",
  createdAt: NOW,
  tags: {},
  targets,
  ...over,
});
const claim = (grantId: string, target: string, elements: ElementSet, live = true): Claim => ({
  grantId,
  target,
  elements,
  live,
});
const stepsFor = (before: Ledger, actual: ActualEntry | undefined, claims: readonly Claim[]) => {
  const { ledger: known } = observe(before, actual, claims, NOW);
  return planSteps(desiredOf(known, claims), actual, known).steps;
};

describe("what should be", () => {
  it("is the union of the live grants and of what was there before", () => {
    const claims = [
      claim("g1", VIEW, ns("a")),
      claim("g2", VIEW, ns("b")),
      claim("g3", VIEW, ns("c"), false),
    ];
    const { ledger: known } = observe(ledger(), entry({ [VIEW]: ns("base") }), claims, NOW);
    expect(desiredOf(known, claims)).toEqual({ [VIEW]: ns("a", "b", "base") });
  });
  it("leaves policies alone that no grant touches", () => {
    const { ledger: known } = observe(
      ledger(),
      entry({ [VIEW]: ns("theirs") }),
      [claim("g1", EDIT, ns("a"))],
      NOW,
    );
    expect(Object.keys(desiredOf(known, []))).toEqual([EDIT]);
  });
});

describe("the steps", () => {
  it("create the entry and then associate", () => {
    expect(stepsFor(ledger(), undefined, [claim("g1", EDIT, ns("a"))])).toEqual([
      { kind: "create-entry", groups: [] },
      { kind: "associate", target: EDIT, scope: { type: "namespace", namespaces: ["a"] } },
    ]);
  });
  it("create nothing where nothing is lent", () => {
    expect(stepsFor(ledger(), undefined, [claim("g1", EDIT, ns("a"), false)])).toEqual([]);
  });
  it("re-scope in place, and never disassociate first", () => {
    const before = ledger({
      owned: true,
      accessEntryArn: "arn:entry/1",
      targets: { [EDIT]: { baseline: EMPTY, seen: ns("a"), attempted: ns("a") } },
    });
    const steps = stepsFor(before, entry({ [EDIT]: ns("a") }), [
      claim("g1", EDIT, ns("a")),
      claim("g2", EDIT, ns("b")),
    ]);
    expect(steps).toEqual([
      { kind: "associate", target: EDIT, scope: { type: "namespace", namespaces: ["a", "b"] } },
    ]);
  });
  it("take removals before additions", () => {
    const before = ledger({
      accessEntryArn: "arn:entry/1",
      targets: { [EDIT]: { baseline: EMPTY, seen: ns("a"), attempted: ns("a") } },
    });
    const steps = stepsFor(before, entry({ [EDIT]: ns("a") }), [
      claim("g1", EDIT, ns("a"), false),
      claim("g2", VIEW, whole),
    ]);
    expect(steps.map(({ kind }) => kind)).toEqual(["disassociate", "associate"]);
  });
  it("take removals and narrowings before additions, in whatever order the ledger has them", () => {
    const held = (seen: ElementSet) => ({ baseline: EMPTY, seen, attempted: seen });
    const before = ledger({
      accessEntryArn: "arn:entry/1",
      targets: { [VIEW]: held(EMPTY), [EDIT]: held(ns("a", "b")) },
    });
    const order = (...kept: readonly string[]) =>
      stepsFor(before, entry({ [EDIT]: ns("a", "b") }), [
        claim("g1", VIEW, whole),
        claim("g2", EDIT, ns(...kept), kept.length > 0),
      ]).map((step) => ("target" in step ? [step.kind, step.target] : [step.kind]));
    expect(order()).toEqual([
      ["disassociate", EDIT],
      ["associate", VIEW],
    ]);
    expect(order("a")).toEqual([
      ["associate", EDIT],
      ["associate", VIEW],
    ]);
  });
  it("delete an entry of ours once nothing should be left on it, in one call", () => {
    const before = ledger({
      owned: true,
      accessEntryArn: "arn:entry/1",
      targets: { [EDIT]: { baseline: EMPTY, seen: ns("a"), attempted: ns("a") } },
    });
    expect(
      stepsFor(before, entry({ [EDIT]: ns("a") }), [claim("g1", EDIT, ns("a"), false)]),
    ).toEqual([{ kind: "delete-entry" }]);
  });
  it("never delete an entry that was there before", () => {
    const steps = stepsFor(ledger(), entry({}), [claim("g1", EDIT, ns("a"), false)]);
    expect(steps).toEqual([]);
  });
  it("leave our entry standing, as theirs, once others use it", () => {
    const before = ledger({
      owned: true,
      accessEntryArn: "arn:entry/1",
      targets: { [EDIT]: { baseline: EMPTY, seen: ns("a"), attempted: ns("a") } },
    });
    const claims = [claim("g1", EDIT, ns("a"), false)];
    const actual = entry({ [EDIT]: ns("a"), [VIEW]: whole });
    const { ledger: known } = observe(before, actual, claims, NOW);
    expect(planSteps(desiredOf(known, claims), actual, known)).toEqual({
      steps: [{ kind: "disassociate", target: EDIT }],
      adopted: true,
    });
  });
  it("leave our entry ours while anything is lent on it, whoever else uses it", () => {
    const held = { baseline: EMPTY, seen: ns("a"), attempted: ns("a") };
    const before = ledger({
      owned: true,
      accessEntryArn: "arn:entry/1",
      targets: { [EDIT]: held, [GROUPS]: { baseline: EMPTY, seen: EMPTY, attempted: EMPTY } },
    });
    const adopted = (over: Partial<Ledger>, live: boolean, others: ActualEntry["targets"]) => {
      const claims = [claim("g1", EDIT, ns("a"), live)];
      const actual = entry({ [EDIT]: ns("a"), ...others });
      const { ledger: known } = observe({ ...before, ...over }, actual, claims, NOW);
      return planSteps(desiredOf(known, claims), actual, known).adopted;
    };
    expect(adopted({}, true, { [VIEW]: whole })).toBe(false);
    expect(adopted({}, false, { [VIEW]: whole })).toBe(true);
    expect(adopted({}, false, { [GROUPS]: groupElements(["theirs"]) })).toBe(true);
    expect(adopted({}, false, {})).toBe(false);
    // It never was ours.
    expect(adopted({ owned: false }, false, { [VIEW]: whole })).toBe(false);
    const { ledger: known } = observe(before, undefined, [], NOW);
    expect(planSteps(desiredOf(known, []), undefined, known).adopted).toBe(false);
  });
  it("set groups beside those that others gave", () => {
    const actual = entry({ [GROUPS]: groupElements(["theirs"]) });
    expect(
      stepsFor(ledger(), actual, [claim("g1", GROUPS, groupElements(["eks-admins"]))]),
    ).toEqual([{ kind: "update-groups", groups: ["eks-admins", "theirs"] }]);
  });
});

describe("an entry that others edited", () => {
  const held = { baseline: ns("base"), seen: ns("base", "ours"), attempted: ns("base", "ours") };
  const times = { revokeAt: NOW, expiresAt: NOW };
  const before = ledger({
    accessEntryArn: "arn:entry/1",
    targets: { [EDIT]: held },
    deadlines: { g1: times },
  });
  const ours = (live: boolean) => [claim("g1", EDIT, ns("ours"), live)];
  const baselineAfter = (found: ElementSet, live = true) =>
    observe(before, entry({ [EDIT]: found }), ours(live), NOW).ledger.targets[EDIT]?.baseline;

  it("is taken as it is while it is what we saw or attempted", () => {
    const result = observe(before, entry({ [EDIT]: held.seen }), ours(true), NOW);
    expect(result.findings).toEqual([]);
    expect(result.ledger.targets[EDIT]?.baseline).toEqual(ns("base"));
  });
  it("is not known by what is only to be lent later", () => {
    const later = observe(ledger(), entry({ [EDIT]: ns("base") }), ours(false), NOW);
    expect(later.ledger.targets).toEqual({});
  });
  it("is as it was where a call that nobody heard of was not applied", () => {
    const attempted = { ...held, attempted: ns("base", "more", "ours") };
    const unheard = { ...before, targets: { [EDIT]: attempted } };
    const result = observe(unheard, entry({ [EDIT]: held.seen }), ours(true), NOW);
    expect(result.findings).toEqual([]);
    expect(result.ledger.targets[EDIT]).toEqual(attempted);
  });
  it("keeps what its owner added", () => {
    expect(baselineAfter(ns("base", "ours", "new"))).toEqual(ns("base", "new"));
  });
  it("keeps what its owner added, though a grant that has not begun asks for the same", () => {
    const claims = [...ours(true), claim("g2", EDIT, ns("new"))];
    const found = entry({ [EDIT]: ns("base", "ours", "new") });
    const { ledger: known } = observe(before, found, claims, NOW);
    expect(known.targets[EDIT]?.baseline).toEqual(ns("base", "new"));
  });
  it("does not get back what its owner removed", () => {
    expect(baselineAfter(ns("ours"))).toEqual(EMPTY);
  });
  it("is reported with what was expected and found", () => {
    expect(observe(before, entry({ [EDIT]: ns("x") }), ours(true), NOW).findings).toEqual([
      { code: "entry-edited", target: EDIT, expected: held.seen, found: ns("x") },
    ]);
  });
  it("has nothing of ours in its baseline, even after the grant ended", () => {
    expect(baselineAfter(ns("ours", "new"), false)).toEqual(ns("new"));
  });
  it("is somebody's own again once it was deleted and made anew", () => {
    const successor = entry({ [EDIT]: ns("ours") }, { accessEntryArn: "arn:entry/2" });
    const result = observe({ ...before, owned: true }, successor, ours(true), NOW);
    expect(result.ledger).toMatchObject({ owned: false, accessEntryArn: "arn:entry/2" });
    expect(result.ledger.targets[EDIT]?.baseline).toEqual(ns("ours"));
    expect(result.findings.map(({ code }) => code)).toContain("entry-replaced");
  });
  it("is somebody's own again also where they made it anew just as it was", () => {
    const successor = entry({ [EDIT]: held.seen }, { accessEntryArn: "arn:entry/2" });
    const { ledger: known, findings } = observe(before, successor, ours(true), NOW);
    expect(known.targets[EDIT]?.baseline).toEqual(held.seen);
    expect(findings).toEqual([{ code: "entry-replaced" }]);
  });
  it("is ours where it carries the token of a create whose answer was lost", () => {
    const made = entry({}, { accessEntryArn: "arn:entry/9", tags: { [TAG_TOKEN]: "token-1" } });
    expect(observe(ledger(), made, ours(true), NOW).ledger).toMatchObject({
      owned: true,
      accessEntryArn: "arn:entry/9",
    });
    const foreign = entry({}, { tags: { [TAG_TOKEN]: "another" } });
    expect(observe(ledger(), foreign, ours(true), NOW).ledger.owned).toBe(false);
  });
  it("is ours where it carries a token that was given up while its create could land", () => {
    const made = entry({}, { tags: { [TAG_TOKEN]: "token-0" } });
    const before = ledger({ formerTokens: ["token-0"], uncertainUntil: NOW });
    const landed = observe(before, made, ours(true), NOW).ledger;
    expect(landed).toMatchObject({ owned: true, accessEntryArn: "arn:entry/1" });
    // It was read later than anything that may still land.
    expect(landed.formerTokens).toEqual([]);
    const earlier = "2026-11-24T09:59:59.999Z";
    expect(observe(before, undefined, ours(true), earlier).ledger.formerTokens).toEqual([
      "token-0",
    ]);
  });
  it("is others' with all that is on it, also where they made just what we were about to", () => {
    const intended = { baseline: EMPTY, seen: EMPTY, attempted: ns("ours") };
    const intent = ledger({
      targets: { [EDIT]: intended },
      deadlines: { g1: times },
      uncertainUntil: "2026-11-24T10:01:00.000Z",
    });
    const theirs = observe(intent, entry({ [EDIT]: ns("ours") }), ours(true), NOW);
    expect(theirs.ledger).toMatchObject({ owned: false });
    expect(theirs.ledger.targets[EDIT]?.baseline).toEqual(ns("ours"));
    expect(theirs.findings).toEqual([
      { code: "entry-edited", target: EDIT, expected: EMPTY, found: ns("ours") },
    ]);
  });
  it("holds what of ours may have landed on it, where it came after one that we used", () => {
    const intended = { baseline: EMPTY, seen: EMPTY, attempted: EMPTY };
    const passed = "2026-11-24T09:59:00.000Z";
    const left = (over: Partial<Ledger>) => {
      const unheard = { targets: { [EDIT]: intended }, deadlines: { g1: times }, ...over };
      const found = entry({ [EDIT]: ns("ours") }, { accessEntryArn: "arn:entry/2" });
      return observe(ledger(unheard), found, ours(false), NOW).ledger.targets[EDIT]?.baseline;
    };
    // Also where the window closed before anybody looked.
    expect(left({ tokenSpent: true, uncertainUntil: passed })).toEqual(EMPTY);
    expect(left({ formerTokens: ["token-0"], uncertainUntil: passed })).toEqual(EMPTY);
    expect(left({ accessEntryArn: "arn:entry/1", uncertainUntil: passed })).toEqual(EMPTY);
    expect(left({ tokenSpent: true })).toEqual(ns("ours"));
    expect(left({ uncertainUntil: passed })).toEqual(ns("ours"));
  });
  it("spends its token when it is gone, also where it had become others'", () => {
    const adopted = ledger({ accessEntryArn: "arn:entry/1" });
    expect(observe(adopted, undefined, [], NOW).ledger.tokenSpent).toBe(true);
    expect(observe(ledger(), undefined, [], NOW).ledger.tokenSpent).toBe(false);
    expect(observe(adopted, entry({}), [], NOW).ledger.tokenSpent).toBe(false);
    expect(observe(ledger({ tokenSpent: true }), entry({}), [], NOW).ledger.tokenSpent).toBe(true);
  });
  it("keeps its token when it is first seen, whatever was attempted", () => {
    const held = { baseline: EMPTY, seen: EMPTY, attempted: ns("ours") };
    const made = entry({ [EDIT]: ns("ours") }, { tags: { [TAG_TOKEN]: "token-1" } });
    const known = observe(ledger({ targets: { [EDIT]: held } }), made, ours(true), NOW).ledger;
    expect(known).toMatchObject({ owned: true, tokenSpent: false });
  });
  it("was not deleted by others where it never was seen", () => {
    const held = { baseline: EMPTY, seen: EMPTY, attempted: ns("ours") };
    const unseen = ledger({ targets: { [EDIT]: held } });
    expect(observe(unseen, undefined, ours(true), NOW).findings).toEqual([]);
  });
  it("spends its token where a create was never answered, once it can land no more", () => {
    const held = { baseline: EMPTY, seen: EMPTY, attempted: ns("ours") };
    const unheard = { targets: { [EDIT]: held }, uncertainUntil: "2026-11-24T10:01:00.000Z" };
    const spentAt = (now: string) =>
      observe(ledger(unheard), undefined, ours(true), now).ledger.tokenSpent;
    expect(spentAt("2026-11-24T10:00:59.999Z")).toBe(false);
    expect(spentAt("2026-11-24T10:01:00.000Z")).toBe(true);
  });
  it("is not mistaken for deleted by others when we deleted it", () => {
    const deleting = ledger({
      owned: true,
      accessEntryArn: "arn:entry/1",
      targets: { [EDIT]: { baseline: EMPTY, seen: ns("ours"), attempted: EMPTY } },
    });
    expect(observe(deleting, undefined, ours(false), NOW).findings).toEqual([]);
    expect(observe(before, undefined, ours(true), NOW).findings.map(({ code }) => code)).toEqual([
      "entry-deleted",
      "entry-edited",
    ]);
  });
});

describe("any binding", () => {
  const target = fc.constantFrom(VIEW, EDIT, GROUPS);
  const elementsOf = (t: string) =>
    t === GROUPS
      ? fc.subarray(["x", "y", "z"], { minLength: 1 }).map(groupElements)
      : fc.oneof(
          fc.constant(whole),
          fc.subarray(["a", "b", "c"], { minLength: 1 }).map((n) => ns(...n)),
        );
  const claims = fc.array(
    target.chain((t) =>
      fc
        .tuple(elementsOf(t), fc.boolean(), fc.uuid())
        .map(([elements, live, id]) => claim(id, t, elements, live)),
    ),
    { maxLength: 4 },
  );
  const actual = fc.option(
    fc
      .tuple(
        fc.record(
          { [VIEW]: elementsOf(VIEW), [EDIT]: elementsOf(EDIT), [GROUPS]: elementsOf(GROUPS) },
          { requiredKeys: [] },
        ),
        fc.boolean(),
      )
      .map(([targets, ours]) => entry(targets, ours ? { tags: { [TAG_TOKEN]: "token-1" } } : {})),
    { nil: undefined },
  );

  it("is where it should be after its steps, and others' targets are as they were", () => {
    fc.assert(
      fc.property(actual, claims, (found, given) => {
        const { ledger: known } = observe(ledger(), found, given, NOW);
        const desired = desiredOf(known, given);
        const { steps } = planSteps(desired, found, known);
        const after = steps.reduce(apply, found);
        for (const [t, elements] of Object.entries(desired))
          expect(after?.targets[t] ?? EMPTY).toEqual(elements);
        for (const [t, elements] of Object.entries(found?.targets ?? {}))
          if (!(t in desired)) expect(after?.targets[t]).toEqual(elements);
        if (found && !known.owned) expect(after).toBeDefined();
        expect(
          planSteps(desired, after, known).steps.filter((s) => s.kind !== "delete-entry"),
        ).toEqual([]);
      }),
    );
  });
});

/** EKS, as far as these steps go. */
function apply(found: ActualEntry | undefined, step: EntryStep): ActualEntry | undefined {
  if (step.kind === "create-entry")
    return entry(step.groups.length > 0 ? { [GROUPS]: groupElements(step.groups) } : {});
  if (!found) throw new Error(`${step.kind} without an entry`);
  if (step.kind === "delete-entry") return undefined;
  if (step.kind === "associate")
    return { ...found, targets: { ...found.targets, [step.target]: scopeElements(step.scope) } };
  const target = step.kind === "update-groups" ? GROUPS : step.target;
  const elements = step.kind === "update-groups" ? groupElements(step.groups) : EMPTY;
  return { ...found, targets: { ...found.targets, [target]: elements } };
}
