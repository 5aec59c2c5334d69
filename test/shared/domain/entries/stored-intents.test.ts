import { expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { visibleFrom } from "../../../../shared/domain/entries/lag.ts";
import { storedIntents, unshownIn } from "../../../../shared/domain/entries/stored-intents.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const LAG = { readLagSeconds: 10, clockDifferenceSeconds: 5, landsWithinSeconds: 300 };
const SERVED = new Map([["grant", { until: T0, carried: {} }]]);
const readAt = (begunAt: string) => ({ entry: undefined, begunAt });

it("A read shows what a stored call did once it begins after the last instant at which that may be missing", () => {
  const from = visibleFrom(T0, LAG);
  const unshown = (begunAt: string) => [...unshownIn({ served: SERVED }, readAt(begunAt), LAG)];
  expect(unshown(plusSeconds(from, -0.001))).toEqual(["grant"]);
  expect(unshown(from)).toEqual([]);
});

it("Without a read, nothing that a stored call did is shown", () => {
  expect([...unshownIn({ served: SERVED }, undefined, LAG)]).toEqual(["grant"]);
});

it("A call without asked elements lent what it carried, but for what its owner had", () => {
  const call = {
    operation: "AssociateAccessPolicy",
    target: "view",
    requestIds: ["grant"],
  } as const;
  const intent = {
    ...{ sessionName: "s", clusterArn: "c", principalArn: "p", from: T0, until: T0 },
    calls: [{ ...call, elements: ["ns/a", "ns/own"] }],
    owners: { view: ["ns/own"] },
  };
  const { served, carried } = storedIntents([intent]);
  expect(served.get("grant")?.carried).toEqual({ view: ["ns/a"] });
  expect(carried).toEqual({ view: ["ns/a"] });
});
