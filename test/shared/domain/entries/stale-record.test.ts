/** A read that began before a removal was visible does not say whether a grant on record has begun. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../lab/fakes/broker-sights.ts";
import { ALICE, aFirstStep, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { EDIT, edit } from "../../../../lab/fakes/memory-broker.ts";
import type { ActualEntry } from "../../../../shared/domain/entries/actual-entry.ts";
import {
  type Ledger,
  MANAGED_BY,
  openLedger,
  TAG_MANAGED_BY,
  TAG_TOKEN,
} from "../../../../shared/domain/entries/ledger.ts";
import { maybeBegun } from "../../../../shared/domain/entries/maybe-begun.ts";
import { storedIntents } from "../../../../shared/domain/entries/stored-intents.ts";
import { forgottenBy, type OnRecord } from "../../../../shared/domain/entries/unknown-ledger.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { ElementSet } from "../../../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const REMOVED = {
  state: "absent",
  absenceFrom: T0,
  presenceFrom: plusSeconds(T0, 55),
  carriedUntil: T0,
  openUntil: null,
} as const;
const LENT = { ...REMOVED, state: "lent", presenceFrom: T0 } as const;

/** A ledger that knows these elements, and nothing of the grant. */
const knowing = (elements: Ledger["targets"][string]): Ledger => ({
  ...openLedger({ binding: "b", clusterArn: PROD.arn, principalArn: ALICE }),
  targets: { [EDIT]: elements },
});

/** The read shows the elements, and began `after` seconds. A call for the grant was stored before. */
function record(
  found: ElementSet,
  after: number,
  tags: ActualEntry["tags"] = {},
  over: Partial<AccessRequest> = {},
): OnRecord {
  const { request } = aFirstStep({ access: edit("a") });
  const entry = { accessEntryArn: "arn:entry", type: "STANDARD", username: "u", createdAt: T0 };
  const call = { operation: "AssociateAccessPolicy", target: EDIT, elements: ns("a") } as const;
  const intent = {
    sessionName: "s",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    from: T0,
    until: T0,
    calls: [{ ...call, requestIds: ["g1"] }],
    owners: {},
  };
  return {
    grants: [{ ...request, id: "g1", state: "approved", effectiveAt: null, ...over }],
    intents: storedIntents([intent]),
    reading: {
      entry: { ...entry, tags, targets: { [EDIT]: found } },
      begunAt: plusSeconds(T0, after),
    },
    deployment: MANAGED_BY,
    isCut: false,
  };
}

const found = (ledger: Ledger, on: OnRecord) => ({
  forgotten: forgottenBy(ledger, on).map(({ elements }) => elements),
  areRead: maybeBegun(ledger, on).areRead,
  arePast: maybeBegun(ledger, on).arePast,
});
const WAITS = { forgotten: [], areRead: false, arePast: true };
const BEGUN = { forgotten: [ns("a")], areRead: true, arePast: false };
const NOT_BEGUN = { forgotten: [], areRead: true, arePast: false };

describe("Access that a read shows, and that the ledger knows as removed", () => {
  const ledger = knowing({ "ns/a": REMOVED });

  it("It does not say that a grant has begun until a read must show the removal", () => {
    expect(found(ledger, record(ns("a"), 54))).toEqual(WAITS);
    expect(found(ledger, record(ns("a"), 55))).toEqual(BEGUN);
  });

  it("It holds up nothing where the read does not show it", () => {
    expect(found(ledger, record(ns("b"), 54))).toEqual(NOT_BEGUN);
  });

  it("It says nothing where a whole cluster shows it that was removed", () => {
    const hidden = knowing({ cluster: REMOVED });
    expect(found(hidden, record(["cluster"], 54))).toEqual(WAITS);
    expect(found(hidden, record(["cluster"], 55)).arePast).toBe(false);
  });

  it("It holds up nothing where another grant is known to lend it", () => {
    const lent = knowing({ "ns/a": { ...LENT, presenceFrom: REMOVED.presenceFrom } });
    expect(found(lent, record(ns("a"), 54))).toEqual(NOT_BEGUN);
  });

  it("It is a grant's that has been active, whatever a read shows", () => {
    const active = record(ns("a"), 54, {}, { state: "active", effectiveAt: T0 });
    expect(found(ledger, active)).toEqual(BEGUN);
  });

  it("It is a grant's on an entry that only our tags call ours", () => {
    const tags = { [TAG_MANAGED_BY]: MANAGED_BY, [TAG_TOKEN]: "t1" };
    expect(found(ledger, record(ns("a"), 54, tags))).toEqual(BEGUN);
  });
});
