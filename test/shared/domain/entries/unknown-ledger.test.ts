import { describe, expect, it } from "vitest";
import { ns } from "../../../../lab/fakes/broker-sights.ts";
import { ALICE, aFirstStep, PROD, settings, T0 } from "../../../../lab/fakes/builders.ts";
import { EDIT, edit, view } from "../../../../lab/fakes/memory-broker.ts";
import type { ActualEntry } from "../../../../shared/domain/entries/actual-entry.ts";
import { entitlementOf } from "../../../../shared/domain/entries/entitlement.ts";
import { brokenLink, termsOf } from "../../../../shared/domain/entries/extension-chain.ts";
import { visibleFrom } from "../../../../shared/domain/entries/lag.ts";
import {
  type Ledger,
  MANAGED_BY,
  openLedger,
  TAG_MANAGED_BY,
  TAG_TOKEN,
} from "../../../../shared/domain/entries/ledger.ts";
import { maybeBegun } from "../../../../shared/domain/entries/maybe-begun.ts";
import { storedIntents } from "../../../../shared/domain/entries/stored-intents.ts";
import {
  forgottenBy,
  isUnknownEntry,
  knownAgain,
  knowsFrom,
  LEDGER_BEHIND,
  type OnRecord,
  strangersTo,
  unexplainedOn,
  withLandings,
} from "../../../../shared/domain/entries/unknown-ledger.ts";
import type {
  CallIntent,
  IntendedCall,
} from "../../../../shared/domain/evidence/calls/call-intent.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { ElementSet } from "../../../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const LEDGER = openLedger({ binding: "b", clusterArn: PROD.arn, principalArn: ALICE });
const OURS = { [TAG_MANAGED_BY]: MANAGED_BY, [TAG_TOKEN]: "t1" };

const entry = (over: Partial<ActualEntry> = {}): ActualEntry => ({
  accessEntryArn: "arn:entry",
  type: "STANDARD",
  username: "u",
  createdAt: T0,
  tags: {},
  targets: {},
  ...over,
});

const grant = (over: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aFirstStep({ access: edit("a") }).request,
  id: "g1",
  state: "active",
  effectiveAt: T0,
  revokeAt: T0,
  expiresAt: T0,
  ...over,
});

const intent = (
  elements: ElementSet,
  owners: ElementSet = [],
  requestIds: readonly string[] = ["g1"],
  asked: IntendedCall["asked"] = { g1: ns("a") },
): CallIntent => ({
  sessionName: "s",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  from: T0,
  until: T0,
  calls: [{ operation: "AssociateAccessPolicy", target: EDIT, elements, requestIds, asked }],
  owners: { [EDIT]: owners },
});

/** As earlier releases stored it, and this one where a call carries one grant's access. */
const unsaid = (elements: ElementSet, owners: ElementSet = []): CallIntent => {
  const stored = intent(elements, owners);
  return { ...stored, calls: stored.calls.map(({ asked: _, ...call }) => call) };
};

const record = (over: Partial<OnRecord> = {}): OnRecord => ({
  grants: [grant()],
  intents: storedIntents([intent(ns("a"))]),
  reading: { entry: entry({ targets: { [EDIT]: ns("a") } }), begunAt: T0 },
  deployment: MANAGED_BY,
  isCut: false,
  ...over,
});

const forgotten = (over: Partial<OnRecord>, ledger: Ledger = LEDGER) =>
  forgottenBy(ledger, record(over)).map(({ elements }) => elements);

describe("An entry with our tags", () => {
  const known = { ...LEDGER.entry, arn: "arn:entry", owned: true };
  it.each([
    ["is unknown to a ledger that made no such entry", {}, OURS, true],
    ["is known by its token", { entry: { ...LEDGER.entry, tokens: ["t1"] } }, OURS, false],
    ["is known where it is ours", { entry: known }, OURS, false],
    ["is unknown where only its ARN is known", { entry: { ...known, owned: false } }, OURS, true],
    ["is unknown where ours is another one", { entry: { ...known, arn: "arn:old" } }, OURS, true],
    ["is known where an owner goes on using it", { adopted: "arn:entry" }, OURS, false],
    ["is another deployment's", {}, { ...OURS, [TAG_MANAGED_BY]: "blue" }, false],
    ["is somebody else's without a token", {}, { [TAG_MANAGED_BY]: MANAGED_BY }, false],
  ])("It %s", (_, ledger, tags, isUnknown) => {
    expect(isUnknownEntry({ ...LEDGER, ...ledger }, entry({ tags }), MANAGED_BY)).toBe(isUnknown);
  });

  it("It is not there where no entry is", () => {
    expect(isUnknownEntry(LEDGER, undefined, MANAGED_BY)).toBe(false);
  });

  it("Access that the ledger holds as lent is explained, and nothing else", () => {
    const lent = { ...LEDGER.targets, [EDIT]: { "ns/a": lentElement, "ns/b": ownersElement } };
    const found = entry({ targets: { [EDIT]: ns("a", "b", "c") } });
    expect(unexplainedOn({ ...LEDGER, targets: lent }, found)).toEqual([[EDIT, ns("b", "c")]]);
    const explained = entry({ targets: { [EDIT]: ns("a") } });
    expect(unexplainedOn({ ...LEDGER, targets: lent }, explained)).toEqual([]);
  });
});

const FROM = {
  absenceFrom: T0,
  presenceFrom: T0,
  carriedUntil: T0,
  openUntil: null,
} as const;
const lentElement = { ...FROM, state: "lent" } as const;
const ownersElement = { ...FROM, state: "baseline" } as const;

describe("A grant that the ledger does not know", () => {
  it.each<[string, Partial<OnRecord>, readonly ElementSet[]]>([
    ["lent what a stored call carried", {}, [ns("a")]],
    ["lent nothing that no stored call carried", { intents: storedIntents([]) }, []],
    [
      "lent nothing that the call left to its owner",
      { intents: storedIntents([intent(ns("a", "b"), ns("a"))]) },
      [],
    ],
    [
      "lent nothing that was its owner's by the newest call",
      { intents: storedIntents([intent(ns("a", "b"), ns("a")), intent(ns("a"))]) },
      [],
    ],
    [
      "lent what the newest call carried, although it was its owner's once",
      { intents: storedIntents([intent(ns("a")), intent(ns("a", "b"), ns("a"))]) },
      [ns("a")],
    ],
    [
      "lent what a scope of the whole cluster hid",
      { intents: storedIntents([intent(["cluster"])]) },
      [ns("a")],
    ],
    [
      "lent nothing of its owner's that such a scope hid",
      { intents: storedIntents([intent(["cluster"], ns("a"))]) },
      [],
    ],
    [
      "lent what such a scope hid and was its owner's before the newest call",
      { intents: storedIntents([intent(["cluster"]), intent(["cluster"], ns("a"))]) },
      [ns("a")],
    ],
    [
      "lent nothing that such a scope hid and was its owner's by the newest call",
      { intents: storedIntents([intent(["cluster"], ns("a")), intent(["cluster"])]) },
      [],
    ],
    ["lent it also where no read was answered", { reading: undefined }, [ns("a")]],
  ])("It %s", (_, over, expected) => {
    expect(forgotten(over)).toEqual(expected);
  });

  it("It lent all of its access on an entry that only our tags call ours", () => {
    const reading = { entry: entry({ tags: OURS }), begunAt: T0 };
    expect(forgotten({ reading, intents: storedIntents([]) })).toEqual([ns("a")]);
  });

  it("It has begun before it was active only where a call was about to serve it, and its access is there", () => {
    const grants = [grant({ state: "approved", effectiveAt: null })];
    expect(forgotten({ grants })).toEqual([ns("a")]);
    const absent = { entry: entry(), begunAt: T0 };
    expect(forgotten({ grants, reading: absent })).toEqual([]);
    const others = storedIntents([intent(ns("a"), [], ["g2"])]);
    expect(forgotten({ grants, intents: others })).toEqual([]);
  });

  it.each([["ns/a"], ["cluster"]])(
    "It has not begun before it was active where the ledger knows that another grant lends %s",
    (element) => {
      const grants = [grant({ state: "ending", effectiveAt: null })];
      const lent = { ...LEDGER, targets: { [EDIT]: { [element]: lentElement } } };
      expect(forgotten({ grants }, lent)).toEqual([]);
      const owners = { ...LEDGER, targets: { [EDIT]: { [element]: ownersElement } } };
      expect(forgotten({ grants }, owners)).toEqual([ns("a")]);
    },
  );

  it("It lent what an earlier call carried for it, though a later scope of the whole cluster hid the owner's", () => {
    const intents = storedIntents([intent(["cluster"], ns("a", "b")), intent(ns("a"))]);
    const access = edit("a", "b");
    const reading = { entry: entry({ targets: { [EDIT]: ns("a", "b") } }), begunAt: T0 };
    expect(forgotten({ grants: [grant({ access })], intents, reading })).toEqual([ns("a")]);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ["in another namespace", { access: edit("zzz") }],
    ["of another policy", { access: view("a") }],
    [
      "in another namespace, as if it had never been active",
      { access: edit("zzz"), effectiveAt: null },
    ],
  ])("It lent what calls carried for it where its record is about access %s", (_, forged) => {
    const grants = [grant(forged)];
    const carried = (...namespaces: readonly string[]) =>
      storedIntents([unsaid(ns("a", ...namespaces), ns("own")), intent(ns("a"), [], ["g2"])]);
    expect(forgotten({ grants, intents: carried("own") })).toEqual([ns("a")]);
    const lent = { ...LEDGER, targets: { [EDIT]: { "ns/b": lentElement } } };
    expect(forgotten({ grants, intents: carried("own", "b") }, lent)).toEqual([ns("a")]);
    const baseline = { ...LEDGER, targets: { [EDIT]: { "ns/a": ownersElement } } };
    expect(forgotten({ grants, intents: carried() }, baseline)).toEqual([ns("a")]);
  });

  it.each([
    ["what a call carried for another grant", "b"],
    ["its owner's", "own"],
    ["a part of that", "a"],
  ])("It lent what it asked for where its record is about %s", (_, claimed) => {
    const grants = [grant({ access: edit(claimed) })];
    const reading = { entry: entry({ targets: { [EDIT]: ns("a", "b", "c") } }), begunAt: T0 };
    const asked = { g1: ns("a", "c"), g2: ns("b") };
    const stored = intent(ns("a", "b", "c", "own"), ns("own"), ["g1", "g2"], asked);
    expect(forgotten({ grants, reading, intents: storedIntents([stored]) })).toEqual([
      ns("a", "c"),
    ]);
  });

  it("Where no call says what it asked for, it lent all that they carried, but for what the ledger knows as lent", () => {
    const intents = storedIntents([unsaid(ns("a", "b", "own"), ns("own"))]);
    expect(forgotten({ intents })).toEqual([ns("a", "b")]);
    const lent = { ...LEDGER, targets: { [EDIT]: { "ns/a": lentElement, "ns/b": lentElement } } };
    expect(forgotten({ intents }, lent)).toEqual([ns("a")]);
  });

  it("There, a scope of the whole cluster counts with the namespaces that it may have hidden", () => {
    const intents = storedIntents([unsaid(["cluster"], ns("own"))]);
    expect(forgotten({ intents })).toEqual([["cluster", "ns/a"]]);
    const grants = [grant({ access: edit("own") })];
    expect(forgotten({ grants, intents })).toEqual([["cluster"]]);
  });

  it("It is known where the ledger has it as begun, or as failing", () => {
    const begun = knownAgain(LEDGER, forgottenBy(LEDGER, record()), T0, settings()).begun;
    expect(forgotten({}, { ...LEDGER, begun })).toEqual([]);
    expect(forgotten({}, { ...LEDGER, failing: { g1: LEDGER_BEHIND } })).toEqual([]);
  });

  it("It may have begun, if it was never active and a call was about to serve it", () => {
    const grants = [grant({ state: "ending", effectiveAt: null })];
    const ids = (over: Partial<OnRecord>) => [
      ...maybeBegun(LEDGER, record({ grants, ...over })).ids,
    ];
    expect(ids({})).toEqual(["g1"]);
    expect(ids({ intents: storedIntents([]) })).toEqual([]);
    expect(ids({ grants: [grant()] })).toEqual([]);
    expect(maybeBegun(LEDGER, record({ reading: undefined })).areRead).toBe(false);
    expect(maybeBegun(LEDGER, record()).areRead).toBe(true);
  });

  it("It may have begun too, if older calls were not read and what its record claims is there", () => {
    const older = { isCut: true, intents: storedIntents([]) };
    const begun = (over: Partial<OnRecord>, ledger: Ledger = LEDGER) =>
      maybeBegun(ledger, record({ ...older, ...over }));
    expect(begun({})).toEqual({ ids: new Set(["g1"]), areRead: false, arePast: false });
    expect(begun({ reading: undefined }).ids).toEqual(new Set(["g1"]));
    const concluded = { ids: new Set(), areRead: true, arePast: false };
    expect(begun({ isCut: false })).toEqual(concluded);
    expect(begun({ reading: { entry: entry(), begunAt: T0 } })).toEqual(concluded);
    const others = storedIntents([intent(ns("a"), ns("a"), ["g2"])]);
    expect(begun({ intents: others })).toEqual(concluded);
    const lent = { ...LEDGER, targets: { [EDIT]: { "ns/a": lentElement } } };
    expect(begun({}, lent)).toEqual(concluded);
  });
});

describe("A ledger that knows again", () => {
  const again = knownAgain(LEDGER, forgottenBy(LEDGER, record()), T0, settings());

  it("It has the grant as over, and what it lent as carried by a call that may still land", () => {
    expect(again.begun).toMatchObject({ g1: { over: true, refusal: LEDGER_BEHIND } });
    const { landsWithinSeconds, clockDifferenceSeconds } = settings();
    const lands = plusSeconds(T0, landsWithinSeconds + clockDifferenceSeconds);
    expect(again.targets[EDIT]?.["ns/a"]).toMatchObject({
      state: "absent",
      openUntil: lands,
      carriedUntil: knowsFrom(T0, settings()),
    });
  });

  it("It keeps the grant's terms, and nothing extends the grant", () => {
    const [known] = record().grants;
    expect(again.begun["g1"]?.chain).toMatchObject({ terms: known && termsOf(known) });
    if (!known) throw new Error("There is no grant.");
    const open = [entitlementOf(known, again, T0)];
    expect(brokenLink({ ...known, id: "g2", extends: "g1" }, again, open)).toMatchObject({
      code: "predecessor-over",
    });
  });

  it("It takes no baseline for the owner's that the record explains", () => {
    const older = { ...LEDGER, targets: { [EDIT]: { "ns/a": ownersElement } } };
    const known = knownAgain(older, forgottenBy(older, record()), T0, settings());
    expect(known.targets[EDIT]?.["ns/a"]?.state).toBe("absent");
  });
});

describe("The record is asked", () => {
  it.each([
    ["before a first baseline", { state: "approved" }, {}, true],
    ["also where the target is known", { state: "approved" }, { [EDIT]: {} }, true],
    ["for an end that the ledger does not know", { state: "ending" }, { [EDIT]: {} }, true],
    [
      "for an active grant that the ledger does not know",
      { state: "active" },
      { [EDIT]: {} },
      true,
    ],
  ] as const)("It is: %s", (_, over, targets, asks) => {
    expect(strangersTo({ ...LEDGER, targets }, [grant(over)]).length > 0).toBe(asks);
  });

  it("It is not for a grant that the ledger knows", () => {
    const { begun } = knownAgain(LEDGER, forgottenBy(LEDGER, record()), T0, settings());
    expect(strangersTo({ ...LEDGER, begun }, [grant()])).toEqual([]);
  });
});

describe("An entry that only our tags call ours, when a read shows it for the first time", () => {
  const begun = { revokeAt: T0, expiresAt: T0, over: false, refusal: null, refusedSince: null };
  const ledger = {
    ...LEDGER,
    begun: { g1: begun },
    targets: { [EDIT]: { "ns/a": lentElement, "ns/b": lentElement } },
  };
  const landed = (found: ActualEntry) => {
    const grants = [grant(), grant({ id: "g2", access: edit("b"), state: "approved" })];
    const reading = { entry: found, begunAt: T0 };
    const { targets } = withLandings(ledger, record({ grants, reading }), T0, settings());
    return [targets[EDIT]?.["ns/a"]?.carriedUntil, targets[EDIT]?.["ns/b"]?.carriedUntil];
  };

  it("Calls for what has begun may have landed on it just now, and no other calls", () => {
    expect(landed(entry({ tags: OURS }))).toEqual([visibleFrom(T0, settings()), T0]);
  });

  it("An entry that others made proves nothing of the kind", () => {
    expect(landed(entry())).toEqual([T0, T0]);
  });
});

describe("Access that a ledger lends again once it knows it", () => {
  it("An element that another grant is lent stays lent, and the calls that carry it stay open for longest", () => {
    const late = plusSeconds(T0, 86_400);
    const lentToOther = {
      ...ownersElement,
      state: "lent",
      openUntil: late,
      carriedUntil: late,
    } as const;
    const other = { ...LEDGER, targets: { [EDIT]: { "ns/a": lentToOther } } };
    const [forgotten] = forgottenBy(LEDGER, record());
    if (!forgotten) throw new Error("Nothing was forgotten.");
    const known = knownAgain(other, [forgotten], T0, settings());
    expect(known.targets[EDIT]?.["ns/a"]).toMatchObject({
      state: "lent",
      openUntil: late,
      carriedUntil: late,
    });
  });
});
