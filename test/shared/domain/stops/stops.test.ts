import { describe, expect, it } from "vitest";
import {
  NO_STOPS,
  type StopDraft,
  type StopRecord,
  stopRecord,
  stopsAfter,
  stopVerifier,
} from "../../../../shared/domain/stops/stops.ts";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { aStop } from "../../../contracts/stop-store.contract.ts";

function chainOf(...drafts: readonly StopDraft[]): readonly StopRecord[] {
  const records: StopRecord[] = [];
  for (const draft of drafts) {
    const last = records.at(-1);
    records.push(stopRecord(last ? stopsAfter(last) : NO_STOPS, draft));
  }
  return records;
}

const CHAIN = chainOf(
  aStop(),
  aStop({ type: "drain", person: null }),
  aStop({ type: "lift", person: "alice", actor: "dora", reason: "" }),
  aStop({ type: "undrain", person: null, actor: "dora", reason: "" }),
);

function faultsIn(records: readonly StopRecord[]) {
  const verifier = stopVerifier();
  const found = [...records.flatMap((record) => verifier.add(record) ?? []), ...verifier.end()];
  return found.map(({ seq, fault }) => [seq, fault]);
}

/** The chain with one record written again, with a hash of its own. */
const rewritten = (at: number, over: (record: StopRecord) => Partial<StopRecord>) =>
  CHAIN.map((record, index) => {
    if (index !== at) return record;
    const { hash: _, ...body } = { ...record, ...over(record) };
    return linked(body) as StopRecord;
  });

describe("The verification of the chain of stops", () => {
  it("A whole chain holds, in any order", () => {
    expect(faultsIn(CHAIN)).toEqual([]);
    expect(faultsIn(CHAIN.toReversed())).toEqual([]);
  });

  it("An edited record, a gap, and a record that was written again are found", () => {
    const [first, second, ...more] = CHAIN as [StopRecord, StopRecord, ...StopRecord[]];
    expect(faultsIn([first, { ...second, actor: "bob" }, ...more])).toEqual([[2, "edited"]]);
    expect(faultsIn([first, ...more])).toEqual([[2, "gap"]]);
    expect(faultsIn(rewritten(0, () => ({ actor: "bob" })))).toContainEqual([1, "order"]);
    expect(faultsIn(rewritten(1, () => ({ policyHash: "b".repeat(64) })))).toEqual([
      [3, "unlinked"],
    ]);
  });

  it("A record that says something else than what follows from the one before is found", () => {
    const freed = rewritten(1, ({ details }) => ({
      details: { ...details, after: { ...details.after, people: {} } },
    }));
    expect(faultsIn(freed)).toContainEqual([2, "order"]);
  });
});
