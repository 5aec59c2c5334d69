/** The event bus's words about records, by notify's own code. Somebody who keeps them compares them with the archive. */
import { aPolicy, aRequest } from "../../lab/fakes/builders.ts";
import { delegationOf } from "../../shared/domain/delegations/delegation.ts";
import type { DelegationRecord } from "../../shared/domain/delegations/delegation-record.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type {
  AcknowledgementRecord,
  FoundRecord,
} from "../../shared/domain/evidence/findings/finding-record.ts";
import { delegationEvents } from "../../shared/domain/notices/delegation-events.ts";
import { findingEvents } from "../../shared/domain/notices/finding-events.ts";
import { requestEvents } from "../../shared/domain/notices/request-events.ts";
import { stopEvents } from "../../shared/domain/notices/stop-events.ts";
import type { StopRecord } from "../../shared/domain/stops/stops.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";

const POLICY = aPolicy();

/** Each chain of people's steps and of findings with its events, without a request's summary: that is its record's. */
export function busEvents(records: readonly ArchivedRecord[]): readonly string[] {
  const chains = Map.groupBy(records, ({ chain }) => chain);
  return [...chains]
    .flatMap(([chain, own]) =>
      eventsOf(chain, own).map((detail) => `${chain} ${canonicalJson(detail as never)}`),
    )
    .toSorted();
}

function eventsOf(chain: string, own: readonly ArchivedRecord[]): readonly unknown[] {
  const [kind = "", id = ""] = chain.split("#");
  const records: readonly unknown[] = own
    .map(({ record }) => record)
    .toSorted((a, b) => a.seq - b.seq);
  if (kind === "AUDIT")
    return requestEvents({ ...aRequest(), id }, records).map(({ detail }) => ({
      ...detail,
      request: null,
    }));
  if (kind === "STOP") return records.map((record) => orWhole(record, stopOf));
  if (kind === "FIND") return [orWhole(records, findingSteps)];
  return kind === "DELEG" ? [orWhole(records, (all) => delegationOn(id, all))] : [];
}

const stopOf = (record: unknown) => stopEvents(record as StopRecord).map(({ detail }) => detail);

/** Findings with their acknowledgements; those of no finding were never published. */
function findingSteps(records: unknown): unknown {
  const own = records as readonly (FoundRecord | AcknowledgementRecord)[];
  const found = own.flatMap((one) => (one.type === "finding" ? one : []));
  const looked = own.flatMap((one) => (one.type === "acknowledgement" ? one : []));
  const ids = new Set(found.map(({ details }) => details.findingId));
  const published = found.flatMap((one) =>
    findingEvents(
      one,
      looked.filter(({ details }) => details.findingId === one.details.findingId),
    ),
  );
  const stray = looked.filter(({ details }) => !ids.has(details.findingId));
  return [...published.map(({ detail }) => detail), ...stray];
}

function delegationOn(id: string, records: unknown): unknown {
  const own = records as readonly DelegationRecord[];
  const made = delegationOf(id, own);
  return made && delegationEvents(POLICY, made, own, made.createdAt).map(({ detail }) => detail);
}

/** Nobody keeps an event that notify could never have published. */
function orWhole(record: unknown, published: (one: unknown) => unknown): unknown {
  try {
    return published(record) ?? record;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return record;
  }
}
