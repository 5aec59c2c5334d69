import type { ArchivedRecord } from "../../domain/evidence/archive/archived-record.ts";
import {
  type AcknowledgementRecord,
  AROUND_SECONDS,
  clusterInChain,
  type FoundRecord,
  isAround,
} from "../../domain/evidence/findings/finding-record.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { type AccessPolicy, hasRole } from "../../domain/policy/policy.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { RecordedBetween } from "../../ports/finding-store.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import type { ListedPage } from "../../ports/listed-page.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";
import { listedUntil } from "../listed-until.ts";

/** A finding, and what people said of it, oldest first. */
export interface KnownFinding {
  readonly record: FoundRecord;
  readonly acknowledgements: readonly AcknowledgementRecord[];
}

/** How many findings have their acknowledgements read at once. */
const READS_AT_ONCE = 25;

type FindingPorts = Pick<ApiPorts, "evidence" | "policy" | "clock" | "settings">;

/**
 * Findings that nobody has acknowledged, in the order in which they were recorded.
 *
 * @throws BrokerError `forbidden`
 */
export async function listOpenFindings(
  { evidence, policy }: Pick<FindingPorts, "evidence" | "policy">,
  actor: Actor,
  between: RecordedBetween,
  page: PageQuery,
): Promise<Page<KnownFinding>> {
  checkMayRead(policy, actor);
  const { items, ...more } = await evidence.openFindings(between, page);
  return { items: items.map((record) => ({ record, acknowledgements: [] })), ...more };
}

/** A page of findings. It is complete up to `to`: no earlier finding will follow. */
export interface FindingPage extends ListedPage<KnownFinding> {
  readonly to: string;
}

/**
 * All findings that were recorded in [from, to), up to a minute ago, in the order in which they were
 * recorded.
 *
 * @throws BrokerError `forbidden`
 */
export async function listAllFindings(
  ports: FindingPorts,
  actor: Actor,
  from: string,
  to: string,
  page: PageQuery,
): Promise<FindingPage> {
  checkMayRead(ports.policy, actor);
  const end = listedUntil(ports, from, to);
  const { items, ...more } = await ports.evidence.recordsBetween(from, end, page, isFinding);
  const found = items.map(({ record }) => record as FoundRecord);
  return { items: await withAcknowledgements(ports, found), ...more, to: end };
}

/** A call is missing only after a day, and its finding is recorded then. */
const RECORDED_LATE_SECONDS = 86_400 + AROUND_SECONDS;

/**
 * Findings about a cluster that happened an hour before an instant, or after it, at most. In the order in which they
 * were recorded, up to a minute ago.
 *
 * @throws BrokerError `forbidden`
 */
export async function listFindingsAround(
  ports: FindingPorts,
  actor: Actor,
  clusterArn: string,
  at: string,
  page: PageQuery,
): Promise<Page<KnownFinding>> {
  checkMayRead(ports.policy, actor);
  const from = plusSeconds(at, -AROUND_SECONDS);
  const end = listedUntil(ports, from, plusSeconds(at, AROUND_SECONDS + RECORDED_LATE_SECONDS));
  const isWanted = (one: ArchivedRecord) =>
    isFinding(one) && isNear(one.record as FoundRecord, clusterArn, at);
  const { items, next } = await ports.evidence.recordsBetween(from, end, page, isWanted);
  const found = items.map(({ record }) => record as FoundRecord);
  const known = await withAcknowledgements(ports, found);
  return { items: known, ...(next === undefined ? {} : { next }) };
}

const isNear = (record: FoundRecord, clusterArn: string, at: string): boolean =>
  clusterInChain(record.chain) === clusterArn && isAround(record, at);

const isFinding = ({ chain, record }: ArchivedRecord): boolean =>
  chain.startsWith("FIND#") && record.type === "finding";

async function withAcknowledgements(
  { evidence }: Pick<FindingPorts, "evidence">,
  records: readonly FoundRecord[],
): Promise<readonly KnownFinding[]> {
  const known: KnownFinding[] = [];
  for (let at = 0; at < records.length; at += READS_AT_ONCE)
    known.push(
      ...(await Promise.all(
        records.slice(at, at + READS_AT_ONCE).map(async (record) => ({
          record,
          acknowledgements: await evidence.acknowledgements(record.details.findingId),
        })),
      )),
    );
  return known;
}

function checkMayRead(policy: AccessPolicy, { member }: Actor): void {
  if (mayReadFindings(policy, member)) return;
  throw new BrokerError(
    "forbidden",
    "Only auditors and admins may read findings. Nothing was read; ask one of them.",
  );
}

/** Findings name other people's principals and calls. */
export const mayReadFindings = (policy: AccessPolicy, member: Actor["member"]): boolean =>
  hasRole(policy, member, "auditors") || hasRole(policy, member, "admins");
