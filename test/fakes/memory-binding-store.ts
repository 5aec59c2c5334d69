import { workBeforeLooks } from "../../shared/aws/take-in-turn.ts";
import type { BindingStore } from "../../shared/ports/binding-store.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** The bindings of the same tables that a `memoryRequestStore` writes. */
export function memoryBindingStore({ heads, grants, requests }: MemoryTables): BindingStore {
  return {
    async view(binding) {
      const head = heads.get(binding);
      return {
        binding,
        version: head?.version ?? 0,
        attempts: head?.attempts ?? 0,
        dueAt: head?.dueAt ?? null,
        grants: [...(grants.get(binding)?.values() ?? [])],
      };
    },

    async park(binding, version, next) {
      const head = heads.get(binding);
      if (head?.version === version) heads.set(binding, { ...head, ...next });
    },

    async due(now, limit) {
      const inTime = (kind: "binding" | "look", time: "dueAt" | "lookAt") =>
        [...heads].flatMap(([binding, { clusterArn, [time]: at }]) =>
          at !== null && at <= now ? [{ at, item: { kind, binding, clusterArn } }] : [],
        );
      const lapses = [...requests.values()].flatMap(({ id, state, lapsesAt }) =>
        state === "pending" && lapsesAt <= now
          ? [{ at: lapsesAt, item: { kind: "lapse", requestId: id } as const }]
          : [],
      );
      const work = [...inTime("binding", "dueAt"), ...lapses];
      return workBeforeLooks(work, inTime("look", "lookAt"), limit);
    },
  };
}
