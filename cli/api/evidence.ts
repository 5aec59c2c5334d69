import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { EvidenceAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";
import type { Api } from "./api-client.ts";

/** Answers to a person who may not read evidence, and of an API without evidence. */
const NONE: ReadonlySet<string> = new Set(["forbidden", "route-not-found"]);

/**
 * The evidence of a request's calls; undefined for a person who may not read it.
 *
 * @throws Failure
 */
export async function evidenceOf(api: Api, id: string): Promise<EvidenceAnswer | undefined> {
  const path = `/v1/requests/${id}/evidence`;
  return api.send<EvidenceAnswer>({ method: "GET", path }).catch((error: unknown) => {
    if (error instanceof Failure && NONE.has(error.code)) return undefined;
    throw error;
  });
}

/** Whether the reader of a history may be an auditor: others get it without the proof of who acted. */
export const isForAuditors = ([first]: readonly AuditEvent[]): boolean =>
  first !== undefined && "proof" in first.details;
