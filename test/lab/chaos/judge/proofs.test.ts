/** The proof of an end says of the access what the watcher saw. */
import { describe, expect, it } from "vitest";
import { verdictsOn } from "../../../../lab/chaos/judge/judgements.ts";
import type { Seen } from "../../../../lab/chaos/judge/seen.ts";
import type { EndProof } from "../../../../shared/domain/requests/end-proof.ts";
import { at, CLEAN, GRANT, historyOf, instant, presence } from "../clean-run.ts";

/** The faults that the judgement finds where the end was read back in second 33. */
function found(proof: Partial<EndProof>, presences: Seen["presences"]): number | undefined {
  const events = historyOf(["approve", 0], ["activate", 2], ["expire", 31], ["settle", 34]).map(
    (event) =>
      event.type === "settle"
        ? {
            ...event,
            details: {
              ...event.details,
              proof: { hadBegun: true, readAt: instant(33), stayed: [], stayedBy: [], ...proof },
            },
          }
        : event,
  ) as (typeof GRANT)["events"];
  const seen = { ...CLEAN, requests: [{ ...GRANT, events }], presences };
  return verdictsOn(seen).find(({ name }) => name === "proofs")?.findings.length;
}

const ANOTHER = presence({ from: at(20), to: at(60) });

describe("The proof of an end", () => {
  it("It is true where the access went before the read", () => {
    expect(found({}, [presence({ to: at(32) })])).toBe(0);
  });

  it("It is false where the access was there before and after the read, and it names nothing", () => {
    expect(found({}, [ANOTHER])).toBe(1);
  });

  it.each([
    ["it names it", { stayed: ["ns/payments-api"] }],
    ["nothing was lent", { hadBegun: false }],
    ["it rests on no read", { readAt: null }],
  ])("It says nothing false of access that is there where %s", (_, proof) => {
    expect(found(proof, [ANOTHER])).toBe(0);
  });

  it("Access of somebody else, or that came after the read, does not contradict it", () => {
    expect(found({}, [presence({ principalArn: "another", from: at(20), to: at(60) })])).toBe(0);
    expect(found({}, [presence({ from: at(31), to: at(60) })])).toBe(0);
  });
});
