import type { ArchivedRecord } from "../../domain/evidence/archive/archived-record.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { hasRole } from "../../domain/policy/policy.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import type { ListedPage } from "../../ports/listed-page.ts";
import type { PageQuery } from "../../ports/request-store.ts";
import { listedUntil } from "../listed-until.ts";

/** A page of records. It is complete up to `to`: no earlier record will follow. */
export interface RecordPage extends ListedPage<ArchivedRecord> {
  readonly to: string;
}

/**
 * Every record of evidence and of findings that was recorded in [from, to), for auditors, oldest
 * first, up to a minute ago. Each is as the archive has it, so that its chain can be verified. Only the
 * archive has readings of standing access.
 *
 * @throws BrokerError `forbidden`
 */
export async function listEvidenceRecords(
  ports: Pick<ApiPorts, "evidence" | "policy" | "clock" | "settings">,
  { member }: Actor,
  from: string,
  to: string,
  page: PageQuery,
): Promise<RecordPage> {
  if (!hasRole(ports.policy, member, "auditors"))
    throw new BrokerError(
      "forbidden",
      "Only auditors may read the records of evidence. Nothing was read; ask an auditor.",
    );
  const end = listedUntil(ports, from, to);
  return { ...(await ports.evidence.recordsBetween(from, end, page, isEvidence)), to: end };
}

const isEvidence = ({ chain }: ArchivedRecord): boolean => !chain.startsWith("STANDING#");
