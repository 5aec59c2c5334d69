import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import { RemainingWatch } from "../../../../lab/simulation/oracle/remaining.ts";
import { bindingOf, placeOf } from "../../../../lab/simulation/people/people.ts";
import { addressOf, CLUSTERS, EDIT, role } from "../../../../lab/simulation/sim-policy.ts";
import type { Reading, SeenEntry } from "../../../../lab/simulation/status/standing-readings.ts";
import { instantOf } from "../../../../lab/simulation/virtual-time.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import type { PersonAccess } from "../../../../shared/domain/entries/effective-access.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const OPTIONS = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
const PLACE = placeOf("one", "ann");
const OWN = { clusterArn: CLUSTERS["one"] ?? "", principalArn: role("ann") };
const ELEMENTS = ["ns/app-a"];
const STARTED = "2026-11-24T10:00:00.000Z";

interface Known {
  readonly seen?: Partial<SeenEntry>;
  readonly isNew?: boolean;
  readonly grants?: readonly AccessRequest[];
}

/**
 * The oracle's judgement of an answer about an entry that has ELEMENTS, or got them since the
 * reading.
 */
function judged(
  answer: Partial<PersonAccess>,
  { seen, isNew = false, grants = [] }: Known = {},
): readonly string[] {
  const world = makeWorld(1, OPTIONS, () => undefined);
  const { oracle, entries, time } = world;
  const address = addressOf("one", "ann");
  const byId = new Map(grants.map((each) => [each.id, each]));
  world.tables.grants.set(bindingOf(PLACE), byId);
  for (const each of grants) world.tables.requests.set(each.id, each);
  const put = () => entries.edit(address, () => ({ targets: { [EDIT]: ELEMENTS } }));
  if (!isNew) put();
  oracle.watchOver(bindingOf(PLACE), "one/ann", address);
  if (isNew) {
    put();
    oracle.edited([...oracle.truths.values()][0] ?? never(), undefined);
  }
  const at = instantOf(time.now);
  const entry = { at: time.now, targets: {}, covered: {}, ...seen };
  const reading: Reading = { startedAt: at, seen: new Map([[bindingOf(PLACE), entry]]) };
  new RemainingWatch(oracle.facts).judge(
    {
      about: "ann",
      by: "dan",
      cluster: "one",
      sees: undefined,
      truths: [...oracle.truths.values()],
      readingOf: () => (seen ? reading : undefined),
    },
    {
      person: "ann",
      at,
      cluster: "one",
      access: [],
      unread: [],
      standingAsOf: seen ? at : null,
      blocks: [],
      waiting: [],
      grantsElsewhere: 0,
      lately: { since: at, requests: 0, approved: 0 },
      ...answer,
    },
  );
  return oracle.violations.map(({ invariant }) => invariant);
}

const never = (): never => {
  throw new Error("The oracle watches no entry.");
};

const STANDING: PersonAccess["access"][number] = {
  ...OWN,
  target: EDIT,
  elements: ELEMENTS,
  state: "there",
  by: "standing access",
  from: null,
  until: null,
  asOf: "2026-11-24T10:00:00.000Z",
};

/** A grant of ELEMENTS that starts some seconds after the world does. */
const grantFrom = (id: string, seconds: number): AccessRequest => ({
  ...aRequest({ access: edit("app-a"), requester: "ann", principalArn: OWN.principalArn }),
  ...{ id, state: "approved", approvedAt: STARTED, startsAt: plusSeconds(STARTED, seconds) },
  revokeAt: plusSeconds(STARTED, 2 * seconds),
});

const BROKEN = ["remaining-true"];

describe("the oracle's questions about an answer on somebody's access", () => {
  it("An element that was there at the reading must be named", () => {
    const seen = { targets: { [EDIT]: ELEMENTS } };
    expect(judged({}, { seen })).toEqual(BROKEN);
    expect(judged({ access: [STANDING] }, { seen })).toEqual([]);
  });

  it("An element that others added since the reading is covered by its instant", () => {
    expect(judged({}, { seen: {}, isNew: true })).toEqual([]);
  });

  it("Where nobody has read the entry, the answer must say so", () => {
    const unread = [{ ...OWN, why: "never-read", since: null }] as const;
    expect(judged({ unread })).toEqual([]);
    expect(judged({ standingAsOf: "2026-11-24T10:00:00.000Z" })).toContain("remaining-true");
    expect(judged({ unread }, { seen: {} })).toContain("remaining-true");
  });

  it("An element that no reading showed does not stand there", () => {
    expect(judged({ access: [STANDING] }, { seen: {} })).toEqual(BROKEN);
  });

  it("Of two grants for later, the one that begins first must be named", () => {
    const [first, second] = [grantFrom("first", 300), grantFrom("second", 900)];
    const by = ({ id, startsAt, revokeAt }: AccessRequest) => ({
      ...STANDING,
      ...({ by: id, state: "coming", from: startsAt, until: revokeAt, asOf: null } as const),
    });
    const known = { seen: {}, isNew: true, grants: [second, first] };
    expect(judged({ access: [by(first)] }, known)).toEqual([]);
    expect(judged({ access: [by(second)] }, known)).toEqual(BROKEN);
  });

  it("Nothing lasts until an instant that has passed, by a grant that there is", () => {
    const by = "01935e00-0000-7000-8000-000000000001";
    const until = "2026-11-24T09:00:00.000Z";
    const line = { ...STANDING, by, until, asOf: null };
    expect(judged({ access: [line] }, { seen: {} })).toEqual([...BROKEN, ...BROKEN]);
  });
});
