import { nextFinding } from "../../shared/domain/evidence/evidence-chain.ts";
import type {
  AcknowledgementRecord,
  FindingRecord,
  FoundRecord,
} from "../../shared/domain/evidence/findings/finding-record.ts";
import { findingKey } from "../../shared/domain/evidence/record-key.ts";
import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { findingSubject } from "../../shared/domain/notices/subject.ts";
import { countOnPage } from "../../shared/domain/requests/page-bytes.ts";
import { type FindingStore, MOST_FINDINGS_READ } from "../../shared/ports/finding-store.ts";
import type { Page, PageQuery } from "../../shared/ports/request-store.ts";
import { type MemoryTables, memoryTables } from "./memory-tables.ts";

export interface MemoryFindingStore extends FindingStore {
  /** Every record, by chain. */
  readonly chains: ReadonlyMap<string, readonly FindingRecord[]>;
  /**
   * Takes an event for its explanation.
   * @param findingId of a finding about it
   * @returns false where the event is a finding, or expected
   */
  readonly explain: (findingId: string) => boolean;
}

/**
 * Findings in memory. Each call takes effect at once and as a whole.
 * @param tables where what is stored makes its notices due
 */
export function memoryFindingStore({ notices }: MemoryTables = memoryTables()): MemoryFindingStore {
  const chains = new Map<string, readonly FindingRecord[]>();
  const keys = new Set<string>();
  const explained = new Set<string>();
  const all = () => [...chains.values()].flat().toSorted(byTime);
  const found = () => all().filter((one): one is FoundRecord => one.type === "finding");
  const acknowledgements = (id: string) =>
    all()
      .filter((one): one is AcknowledgementRecord => one.type === "acknowledgement")
      .filter(({ details }) => details.findingId === id)
      .toSorted((a, b) => a.seq - b.seq);
  return {
    chains,
    explain(findingId) {
      if (keys.has(findingId)) return false;
      explained.add(findingId);
      return true;
    },
    async appendFinding(draft) {
      const key = findingKey(draft);
      if (keys.has(key) || explained.has(key)) return false;
      keys.add(key);
      const chain = chains.get(draft.chain) ?? [];
      const record = nextFinding(chain.at(-1), draft);
      chains.set(draft.chain, [...chain, record]);
      if (record.type !== "expected") makeDue(notices, record);
      return true;
    },
    finding: async (id) => found().find(({ details }) => details.findingId === id),
    acknowledgements: async (id) => acknowledgements(id),
    openFindings: async ({ from = "", to = "~" }, page) =>
      pageOf(
        found().filter(
          ({ at, details }) =>
            at >= from && at < to && acknowledgements(details.findingId).length === 0,
        ),
        ({ at, details }) => `${at}#${details.findingId}`,
        page,
      ),
    findingsAbout: async (requestId) =>
      found()
        .filter(({ details }) => details.requestIds.includes(requestId))
        .slice(0, MOST_FINDINGS_READ),
    latestFindings: async (chain, count) => (chains.get(chain) ?? []).toReversed().slice(0, count),
    findingsIn: async (chain) => chains.get(chain) ?? [],
  };
}

function makeDue(
  notices: MemoryTables["notices"],
  { seq, at, details }: FoundRecord | AcknowledgementRecord,
): void {
  const subject = findingSubject(details.findingId);
  const record = notices.get(subject)?.record ?? newNoticeRecord(subject, 0);
  notices.set(subject, { record: { ...record, wanted: seq }, dueAt: at });
}

const byTime = (a: FindingRecord, b: FindingRecord) => {
  if (a.at === b.at) return a.seq - b.seq;
  return a.at < b.at ? -1 : 1;
};

/** One page of items in the order of their places. */
export function pageOf<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => string,
  { limit, after = "" }: PageQuery,
): Page<Item> {
  const left = items
    .map((item) => ({ item, place: placeOf(item) }))
    .filter(({ place }) => place > after)
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const count = countOnPage(
    left.map(({ item }) => item),
    limit,
  );
  const page = left.slice(0, count);
  const next = count < left.length ? page.at(-1)?.place : undefined;
  return { items: page.map(({ item }) => item), ...(next === undefined ? {} : { next }) };
}
