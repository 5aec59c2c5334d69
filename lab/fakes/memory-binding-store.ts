import { REVISION_HOLDS_SECONDS } from "../../shared/aws/dynamodb/keys.ts";
import { takeByKind } from "../../shared/aws/dynamodb/requests/take-in-turn.ts";
import { believedIn } from "../../shared/domain/entries/believed-grants.ts";
import { isAmong } from "../../shared/domain/entries/drift-turn.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { type BindingStore, IN_TURN, type WorkKind } from "../../shared/ports/binding-store.ts";
import type { MemoryHead, MemoryTables } from "./memory-tables.ts";

/**
 * The bindings in the tables that a `memoryRequestStore` writes.
 * @param now for how long a head keeps a ledger's revision (default: for ever)
 */
export function memoryBindingStore(
  { heads, grants, requests }: Pick<MemoryTables, "heads" | "grants" | "requests">,
  now?: () => string,
): BindingStore {
  const filedIn = (binding: string) =>
    [...(grants.get(binding) ?? [])].map(([filedAs, record]) => ({
      filedAs,
      record,
      headVersion: 0,
    }));
  return {
    async view(binding) {
      const head = heads.get(binding);
      return {
        binding,
        version: head?.version ?? 0,
        ledgerRevision: head?.ledgerRevision ?? 0,
        ledgerHolds: head?.ledgerHolds ?? false,
        attempts: head?.attempts ?? 0,
        dueAt: head?.dueAt ?? null,
        dueFor: head?.dueFor ?? "addition",
        removeAt: head?.removeAt ?? null,
        driftCheckAt: head?.driftCheckAt ?? null,
        reservedBytes: head?.reservedBytes ?? 0,
        ...believedIn(binding, filedIn(binding)),
        isWhole: true,
        broken: [],
      };
    },

    async named(binding, ids) {
      const wanted = new Set(ids);
      return believedIn(
        binding,
        filedIn(binding).filter(({ filedAs }) => wanted.has(filedAs)),
      );
    },

    async park(binding, { version, ledgerHolds = false, behind, address, ...from }, next) {
      const head = heads.get(binding);
      const at = now?.();
      const known = { ledgerRevision: from.ledgerRevision, ledgerHolds, parkedAt: at };
      if (!head && address) heads.set(binding, { ...address, version, ...next, ...known });
      // The run that saw exactly this head may park over it.
      const ledgerRevision = head?.ledgerRevision === behind ? (behind ?? 0) : from.ledgerRevision;
      if (head?.version !== version || isLater(head, ledgerRevision, at)) return;
      heads.set(binding, { ...head, ...next, ...known });
    },

    // No head is broken here: the types keep that out.
    mend: async () => undefined,

    async due(now, limit, turns) {
      const lapses = [...requests.values()].flatMap(({ id, state, lapsesAt }) =>
        state === "pending" && lapsesAt <= now
          ? [{ at: lapsesAt, item: { kind: "lapse", requestId: id } as const }]
          : [],
      );
      const work = [...heads].flatMap(([binding, head]) =>
        timesOf(head).flatMap(({ kind, at }) =>
          at !== null && at <= now ? [{ at, item: workItem(kind, binding, head) }] : [],
        ),
      );
      const inTurn = turns.flatMap((places, order) =>
        [...heads].flatMap(([binding, head]) =>
          head.driftCheckAt === IN_TURN && isAmong(places, binding)
            ? [{ at: `${order}${binding}`, item: driftCheck(binding, head, true) }]
            : [],
        ),
      );
      return takeByKind([...work, ...inTurn, ...lapses], limit);
    },
  };
}

/** Whether a run with a later ledger parked it, lately: a ledger may be deleted, and begin again. */
function isLater({ ledgerRevision, parkedAt }: MemoryHead, revision: number, now?: string) {
  const isHeld =
    now === undefined ||
    parkedAt === undefined ||
    parkedAt >= plusSeconds(now, -REVISION_HOLDS_SECONDS);
  return isHeld && ledgerRevision > revision;
}

const driftCheck = (binding: string, { clusterArn }: MemoryHead, isTurn: boolean) =>
  ({ kind: "drift-check", binding, clusterArn, isTurn }) as const;

const workItem = (kind: "removal" | WorkKind | "drift-check", binding: string, head: MemoryHead) =>
  kind === "drift-check"
    ? driftCheck(binding, head, false)
    : { kind, binding, clusterArn: head.clusterArn };

/** `IN_TURN` sorts after all instants. */
const timesOf = ({ removeAt, dueAt, dueFor, driftCheckAt }: MemoryHead) =>
  [
    { kind: "removal", at: removeAt },
    { kind: dueFor, at: dueAt },
    { kind: "drift-check", at: driftCheckAt },
  ] as const;
