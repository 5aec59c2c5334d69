import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { Places } from "../../shared/domain/entries/drift-turn.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { type BindingStore, IN_TURN, type NextTimes } from "../../shared/ports/binding-store.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";
import type { BindingStores } from "./binding-store.contract.ts";

const EVERYBODY: readonly Places[] = [{ after: "", upTo: "g" }];
const NOW = plusSeconds(T0, 60);
const NEVER: NextTimes = {
  dueAt: null,
  dueFor: "addition",
  removeAt: null,
  driftCheckAt: null,
  attempts: 0,
  reservedBytes: 0,
};

/** The guarantees of every BindingStore about bindings whose turn it is to be checked for drift. */
export function driftTurnsContract(name: string, make: () => Promise<BindingStores>) {
  describe(`${name}: turns of drift checks`, () => {
    let requests: RequestStore;
    let bindings: BindingStore;
    beforeEach(async () => {
      ({ requests, bindings } = await make());
    });

    /** The n-th binding, approved and parked. @returns its key */
    const parked = async (n: number, next: Partial<NextTimes>, cluster = PROD): Promise<string> => {
      const principalArn = `arn:aws:iam::111122223333:role/people/p${n}`;
      const first = aFirstStep({ id: countedId(n), cluster, principalArn, createdAt: T0 });
      await requests.create([first, anApproval(first.request)]);
      const binding = bindingKey(cluster.arn, principalArn);
      await bindings.park(binding, { version: 1, ledgerRevision: 0 }, { ...NEVER, ...next });
      return binding;
    };
    const lent = async (count: number) => {
      const all = Array.from({ length: count }, (_, n) =>
        parked(n + 1, { driftCheckAt: IN_TURN }, n % 2 === 0 ? PROD : STAGING),
      );
      return (await Promise.all(all)).toSorted();
    };
    const turns = async (limit: number, places: readonly Places[]) =>
      (await bindings.due(NOW, limit, places)).map((item) => {
        if (item.kind !== "drift-check" || !item.isTurn) throw new Error(`${item.kind} is due.`);
        return item.binding;
      });

    it("A binding in turn is due only where its place is among those asked for", async () => {
      const all = await lent(6);
      const [, second = "", , fourth = ""] = all;
      expect(await turns(10, [])).toEqual([]);
      expect(await turns(10, EVERYBODY)).toEqual(all);
      expect(await turns(10, [{ after: second, upTo: fourth }])).toEqual(all.slice(2, 4));
    });

    it("Turns come in the order of the places asked for, whatever their cluster, and none is left out", async () => {
      const all = await lent(6);
      const [, second = ""] = all;
      const places = [
        { after: second, upTo: "g" },
        { after: "", upTo: second },
      ];
      const inOrder = [...all.slice(2), ...all.slice(0, 2)];
      expect(await turns(10, places)).toEqual(inOrder);
      expect(await turns(4, places)).toEqual(inOrder.slice(0, 4));
    });

    it("A turn is no repetition, and a repetition needs no turn", async () => {
      const clusterArn = PROD.arn;
      const inTurn = await parked(1, { driftCheckAt: IN_TURN });
      const repeated = await parked(2, { driftCheckAt: NOW });
      await parked(3, { driftCheckAt: plusSeconds(NOW, 1) });
      const kind = "drift-check" as const;
      expect(await bindings.due(NOW, 10, [])).toEqual([
        { kind, binding: repeated, clusterArn, isTurn: false },
      ]);
      const found = await bindings.due(NOW, 10, EVERYBODY);
      expect(found).toHaveLength(2);
      expect(found).toContainEqual({ kind, binding: inTurn, clusterArn, isTurn: true });
    });

    it("Repetitions on a cluster that is down alternate with turns", async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, n) => parked(100 + n, { driftCheckAt: T0 }, STAGING)),
      );
      const all = await lent(3);
      const found = await bindings.due(NOW, 6, EVERYBODY);
      const taken = found.flatMap((item) =>
        item.kind === "drift-check" && item.isTurn ? item.binding : [],
      );
      expect(found).toHaveLength(6);
      expect(taken).toEqual(all);
    });

    it("A binding with other work has no turn besides", async () => {
      const next = { removeAt: T0, driftCheckAt: IN_TURN } as const;
      const binding = await parked(1, next);
      const found = await bindings.due(NOW, 10, EVERYBODY);
      expect(found).toEqual([{ kind: "removal", binding, clusterArn: PROD.arn }]);
    });
  });
}
