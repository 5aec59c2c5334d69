import { takeByKind } from "../../shared/aws/dynamodb/take-in-turn.ts";
import type { BindingStore } from "../../shared/ports/binding-store.ts";
import type { MemoryHead, MemoryTables } from "./memory-tables.ts";

/** The bindings in the tables that a `memoryRequestStore` writes. */
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

    async park(binding, { version, ledgerRevision }, next) {
      const head = heads.get(binding);
      if (head?.version !== version || head.ledgerRevision > ledgerRevision) return;
      heads.set(binding, { ...head, ...next, ledgerRevision });
    },

    async due(now, limit) {
      const lapses = [...requests.values()].flatMap(({ id, state, lapsesAt }) =>
        state === "pending" && lapsesAt <= now
          ? [{ at: lapsesAt, item: { kind: "lapse", requestId: id } as const }]
          : [],
      );
      const work = [...heads].flatMap(([binding, head]) =>
        timesOf(head).flatMap(({ kind, at }) =>
          at !== null && at <= now
            ? [{ at, item: { kind, binding, clusterArn: head.clusterArn } }]
            : [],
        ),
      );
      return takeByKind([...work, ...lapses], limit);
    },
  };
}

const timesOf = ({ removeAt, dueAt, dueFor, driftCheckAt }: MemoryHead) =>
  [
    { kind: "removal", at: removeAt },
    { kind: dueFor, at: dueAt },
    { kind: "drift-check", at: driftCheckAt },
  ] as const;
