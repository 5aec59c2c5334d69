import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GROUPS } from "../../../../shared/domain/entries/access.ts";
import { baselineOf } from "../../../../shared/domain/entries/knowledge.ts";
import { isEmpty, TAG_TOKEN } from "../../../../shared/domain/entries/ledger.ts";
import { ReferenceBroker, type RunPlan } from "./reference-broker.ts";
import { type Ages, type Fate, ReferenceWorld, withTarget } from "./reference-world.ts";
import { EDIT, groups, LAG, ns } from "./situations.ts";

/** The broker's elements. Others use other names, so an element's name shows whose it is. */
const LENT = [
  { target: EDIT, elements: ns("a") },
  { target: EDIT, elements: ns("a", "b") },
  { target: EDIT, elements: ["cluster"] },
  { target: GROUPS, elements: groups(["x"]) },
];
const THEIRS = ns("theirs");
const OURS: ReadonlySet<string> = new Set(LENT.flatMap(({ elements }) => elements));

type Event =
  | { readonly kind: "grant"; readonly which: number }
  | { readonly kind: "end" }
  | { readonly kind: "run"; readonly plan: RunPlan }
  | { readonly kind: "others"; readonly act: "add" | "remove" | "delete" | "create" };
type Timed = readonly [waits: number, event: Event];

const age = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: LAG.readLagSeconds }));
const ages: fc.Arbitrary<Ages> = fc.record({ describe: age, list: age, judge: age });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fate>("answered") },
  fc.constantFrom<Fate>("answer-lost", "lost", "not-issued"),
  fc.record({ late: fc.integer({ min: 0, max: LAG.landsWithinSeconds }) }),
);
const run = fc
  .record({
    ages,
    lastAges: ages,
    isRead: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
    fates: fc.array(fate, { maxLength: 4 }),
  })
  .map((plan): Event => ({ kind: "run", plan }));
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.integer({ min: 0, max: LENT.length - 1 }).map((which): Event => ({ kind: "grant", which })),
  fc.constant<Event>({ kind: "end" }),
  { weight: 5, arbitrary: run },
  fc
    .constantFrom("add" as const, "remove" as const, "delete" as const, "create" as const)
    .map((act): Event => ({ kind: "others", act })),
);
const history = fc.array(
  fc.tuple(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400 })), event),
  { minLength: 5, maxLength: 30 },
);

const NOW: Ages = { describe: 0, list: 0, judge: 0 };
const CLEAN: RunPlan = { ages: NOW, lastAges: NOW, isRead: true, fates: [] };

function others(world: ReferenceWorld, act: "add" | "remove" | "delete" | "create"): void {
  world.edit((entry) => {
    if (act === "create") return entry ?? world.bare();
    if (!entry || act === "delete") return undefined;
    const found = entry.targets[EDIT] ?? [];
    if (act === "remove")
      return withTarget(
        entry,
        EDIT,
        found.filter((each) => OURS.has(each)),
      );
    // EKS keeps one type of scope, so their namespace replaces a whole cluster.
    const beside = found.filter((each) => each !== "cluster" && !THEIRS.includes(each));
    return withTarget(entry, EDIT, [...beside, ...THEIRS]);
  });
}

/** Plays a history and runs the check after every event. */
function live(
  events: readonly Timed[],
  check: (world: ReferenceWorld, broker: ReferenceBroker) => void,
) {
  const world = new ReferenceWorld();
  const broker = new ReferenceBroker(world);
  const ask = () => check(world, broker);
  for (const [waits, next] of events) {
    world.pass(waits, ask);
    if (next.kind === "grant") broker.grant(LENT[next.which] ?? { target: EDIT, elements: [] });
    if (next.kind === "end") broker.end();
    if (next.kind === "run") broker.run(next.plan);
    if (next.kind === "others") others(world, next.act);
    ask();
  }
  return { world, broker, ask };
}

/** Elements of ours that are present although no open grant that has begun explains them. */
function unexplained(world: ReferenceWorld, { entitlements }: ReferenceBroker): readonly string[] {
  return Object.entries(world.entry?.targets ?? {}).flatMap(([target, elements]) =>
    elements.filter(
      (element) =>
        OURS.has(element) &&
        !entitlements.some(
          (each) => each.hasBegun && each.target === target && each.elements.includes(element),
        ),
    ),
  );
}

const RUNS = { numRuns: 3_000 };

describe("Any history of stale reads, late calls and edits by others", () => {
  it("A grant that was proven gone leaves nothing at any later instant", () => {
    fc.assert(
      fc.property(history, (events) => {
        const { world, ask } = live(events, (at, broker) =>
          expect(unexplained(at, broker)).toEqual([]),
        );
        world.pass(1_000, ask);
      }),
      RUNS,
    );
  });

  it("A baseline never contains what we lent", () => {
    fc.assert(
      fc.property(history, (events) => {
        live(events, (_, { ledger }) => {
          for (const target of [EDIT, GROUPS])
            expect(baselineOf(ledger, target).filter((each) => OURS.has(each))).toEqual([]);
        });
      }),
      RUNS,
    );
  });

  it("Only an entry with one of our tokens counts as ours", () => {
    fc.assert(
      fc.property(history, (events) => {
        live(events, ({ entry }, { ledger }) => {
          if (ledger.entry.owned && entry?.accessEntryArn === ledger.entry.arn)
            expect(entry?.tags[TAG_TOKEN]).toBeDefined();
        });
      }),
      RUNS,
    );
  });

  it("All grants end and the ledger is empty once runs succeed for ten minutes", () => {
    fc.assert(
      fc.property(history, (events) => {
        const { world, broker, ask } = live(events, () => undefined);
        for (const _ of events) broker.end();
        for (let runs = 0; runs < 16; runs += 1) {
          world.pass(60, ask);
          broker.run(CLEAN);
        }
        expect(broker.entitlements).toEqual([]);
        expect(unexplained(world, broker)).toEqual([]);
        expect(isEmpty(broker.ledger)).toBe(true);
        if (!broker.hasGivenUp) expect(world.entry?.tags[TAG_TOKEN]).toBeUndefined();
      }),
      RUNS,
    );
  });
});
