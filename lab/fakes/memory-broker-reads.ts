/** Reads of the broker on fakes: its records, its due bindings, and the true entries. */
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { isEmpty } from "../../shared/domain/entries/ledger.ts";
import { callsIn } from "../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";
import { ALICE, PROD } from "./builders.ts";
import type { memoryBrokerParts } from "./memory-broker-parts.ts";

type Parts = Pick<
  ReturnType<typeof memoryBrokerParts>,
  "clock" | "tables" | "requests" | "ledgers" | "schedules" | "entries"
>;

/** The address of an entry: alice's on prod by default. */
export const addressOf = (cluster = PROD.arn, principalArn = ALICE): EntryAddress => ({
  cluster: clusterOf(cluster),
  principalArn,
});

export function memoryBrokerReads(parts: Parts) {
  const { clock, tables, requests, ledgers, schedules, entries } = parts;
  return {
    /** The request as it is stored now. */
    reload: ({ id }: AccessRequest) => requests.load(id),
    states: (...grants: AccessRequest[]) =>
      Promise.all(grants.map(async ({ id }) => (await requests.load(id)).state)),
    ledger: (binding = bindingKey(PROD.arn, ALICE)) => ledgers.load(binding),
    /** Whether nothing of the binding is known, due or still to fire. */
    async isAtRest(binding = bindingKey(PROD.arn, ALICE)) {
      const ledger = await ledgers.load(binding);
      const head = tables.heads.get(binding);
      const times = [head?.dueAt, head?.removeAt, head?.driftCheckAt].filter((at) => at != null);
      // Another attempt finds nothing to do once all is at rest.
      const coming = [...schedules.timers.values()].filter(
        (timer) => timer.at > clock.now() && !("grantId" in timer && timer.grantId === null),
      );
      return (!ledger || isEmpty(ledger)) && times.length === 0 && coming.length === 0;
    },
    /** Whether the binding is due within a minute. */
    isDueSoon(binding = bindingKey(PROD.arn, ALICE)) {
      const due = tables.heads.get(binding)?.dueAt ?? "";
      return due >= clock.now() && due <= plusSeconds(clock.now(), 60);
    },
    /** When the binding is due, and for what. */
    head: (binding = bindingKey(PROD.arn, ALICE)) => tables.heads.get(binding),
    history: ({ id }: AccessRequest) => requests.history(id),
    /** The operations recorded in a grant's history, in order. */
    recordedCalls: async ({ id }: AccessRequest) =>
      (await requests.history(id)).flatMap((event) =>
        callsIn(event).map(({ operation }) => operation),
      ),
    /** The changes that EKS was asked for, in order, from this index on. */
    operations: (from = 0) => entries.calls.slice(from).map(({ operation }) => operation),
    /** By target: when the fuses in Scheduler fire. */
    fuses: () =>
      Object.fromEntries(
        [...schedules.timers.values()].flatMap((timer) =>
          timer.kind === "fuse" ? [[timer.target, timer.at]] : [],
        ),
      ),
    /** Alice's entry on prod, as it truly is. */
    actual: () => entries.peek(addressOf()),
    namespaces: (target: string) =>
      (entries.peek(addressOf())?.targets[target] ?? []).map((element) =>
        element.replace("ns/", ""),
      ),
  };
}
