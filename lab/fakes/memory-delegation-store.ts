import { type Delegation, delegationOf } from "../../shared/domain/delegations/delegation.ts";
import type { DelegationRecord } from "../../shared/domain/delegations/delegation-record.ts";
import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { delegationSubject } from "../../shared/domain/notices/subject.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import type { DelegationStore } from "../../shared/ports/delegation-store.ts";
import { IdempotencyTaken } from "../../shared/ports/idempotency.ts";
import { type MemoryTables, memoryTables } from "./memory-tables.ts";

/** Delegations in memory. Each call takes effect at once and as a whole. */
export function memoryDelegationStore(tables: MemoryTables = memoryTables()): DelegationStore {
  const { delegations, delegationKeys, notices } = tables;
  const makeDue = ({ delegationId, seq, at }: DelegationRecord) => {
    const subject = delegationSubject(delegationId);
    const record = notices.get(subject)?.record ?? newNoticeRecord(subject, 0);
    notices.set(subject, { record: { ...record, wanted: seq }, dueAt: at });
  };
  const all = (isWanted: (one: Delegation) => boolean) =>
    [...delegations]
      .flatMap(([id, records]) => delegationOf(id, records) ?? [])
      .filter(isWanted)
      .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const open = (now: string, isWanted: (one: Delegation) => boolean) =>
    all((one) => one.ended === null && one.until > now && isWanted(one));
  return {
    made: async () => delegations.size,
    async create(made, { after, idempotency: key }) {
      if (key && delegationKeys.has(key.keyHash)) throw new IdempotencyTaken("The key was used.");
      if (delegations.size !== after)
        throw new BrokerError("version-conflict", "Another delegation was made meanwhile.");
      if (key) {
        const { bodyHash, keyHash } = key;
        delegationKeys.set(keyHash, { bodyHash, delegationId: made.delegationId });
      }
      delegations.set(made.delegationId, [made]);
      makeDue(made);
    },
    async end({ id }, ended) {
      const records = delegations.get(id) ?? [];
      if (records.length > 1) throw new BrokerError("delegation-ended", "It was ended before.");
      delegations.set(id, [...records, ended]);
      makeDue(ended);
    },
    idempotent: async (keyHash) => delegationKeys.get(keyHash),
    records: async (id) => delegations.get(id) ?? [],
    givenTo: async (person, now) => open(now, ({ to }) => to === person),
    givenBy: async (person, now) => open(now, ({ by }) => by === person),
    lately: async (person, since, now) =>
      all(({ to, until, ended }) => {
        const over = ended?.at ?? until;
        return to === person && since < over && over <= now;
      }),
    async listed(now, { limit, after = "" }, isWanted = () => true) {
      const rest = open(now, isWanted).filter((one) => placeOf(one) > after);
      const last = rest[limit - 1];
      return {
        items: rest.slice(0, limit),
        ...(last && rest.length > limit ? { next: placeOf(last) } : {}),
      };
    },
  };
}

const placeOf = ({ until, id }: Delegation) => `${until}#${id}`;
