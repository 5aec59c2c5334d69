import type {
  AcknowledgementRecord,
  FindingDraft,
  FindingRecord,
  FoundRecord,
} from "../domain/evidence/findings/finding-record.ts";
import type { Page, PageQuery } from "./request-store.ts";

/** The most findings on one request that are read at once. The list of all findings has the others. */
export const MOST_FINDINGS_READ = 500;

/**
 * Findings and what people said of them. Records are chained by cluster and month, and never changed.
 * Reads see the latest write.
 * `test/contracts/finding-store.contract.ts` is this contract in code.
 */
export interface FindingStore {
  /**
   * Adds a record to a chain of findings. It does not if one of the same `findingKey` is stored, or
   * the evidence of a request explains the same event. Its cost does not depend on how many records
   * the chain has. A finding is open until the first acknowledgement of it. It is recorded also where
   * others spoiled its notice, and then without a message.
   *
   * @returns whether it was added
   * @throws BrokerError `dependency-unavailable` where other writers were faster every time
   */
  appendFinding(draft: FindingDraft): Promise<boolean>;

  /** A finding by its id; undefined for an unknown id, and for an event that is expected or explained. */
  finding(findingId: string): Promise<FoundRecord | undefined>;

  /** The acknowledgements of a finding, oldest first. */
  acknowledgements(findingId: string): Promise<readonly AcknowledgementRecord[]>;

  /**
   * Findings that nobody has acknowledged, in the order in which they were recorded. A finding that
   * is acknowledged meanwhile may still be there.
   *
   * @param between recorded at `from` or later, and before `to`
   */
  openFindings(between: RecordedBetween, page: PageQuery): Promise<Page<FoundRecord>>;

  /**
   * Findings that stand on a request, in the order in which they were recorded. There are at most
   * `MOST_FINDINGS_READ`: whoever makes thousands of changes must not make a request unreadable.
   *
   * @param chains the chains in which an earlier release may have recorded some
   */
  findingsAbout(requestId: string, chains: readonly string[]): Promise<readonly FoundRecord[]>;

  /**
   * The last records of one chain of findings, the last one first.
   *
   * @param count the most records that are returned
   */
  latestFindings(chain: string, count: number): Promise<readonly FindingRecord[]>;

  /**
   * All records of one chain of findings, oldest first.
   *
   * @param chain as `findingChain` names it
   */
  findingsIn(chain: string): Promise<readonly FindingRecord[]>;
}

/** Instants, ISO 8601 UTC. */
export interface RecordedBetween {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
