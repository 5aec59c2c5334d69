/** Reads every request of a run through the API: whose it is lists it, and the auditor reads it. */

import type {
  EventList,
  EvidenceAnswer,
  RequestAnswer,
  RequestList,
} from "../../../shared/http/contract/answers.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { SeenRequest } from "../judge/seen.ts";
import { lacksSummary } from "../judge/summaries.ts";
import { read } from "./read.ts";

const REQUESTERS = ["alice", "bob", "carol", "dave", "mallory", "heidi"];
const AUDITOR = "dave";
/** How many requests are read at once. */
const AT_ONCE = 6;

async function idsOf(sandbox: SandboxAddresses, person: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const more = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await read<RequestList>(
      sandbox,
      person,
      `/v1/requests?view=mine&limit=100${more}`,
    );
    ids.push(...page.requests.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

async function requestOf(sandbox: SandboxAddresses, id: string): Promise<SeenRequest> {
  const path = `/v1/requests/${id}`;
  const request = await read<RequestAnswer>(sandbox, AUDITOR, path);
  const { events } = await read<EventList>(sandbox, AUDITOR, `${path}/events?limit=100`);
  const evidence = await read<EvidenceAnswer>(sandbox, AUDITOR, `${path}/evidence`);
  return { request, events, evidence };
}

const RESTS: ReadonlySet<string> = new Set(["denied", "cancelled", "lapsed", "failed", "ended"]);

/** Whether nothing of it changes any more, so that it need not be read again. */
const isDone = (one: SeenRequest) =>
  RESTS.has(one.request.state) &&
  one.evidence.calls.every(({ state }) => state !== "unconfirmed") &&
  !lacksSummary(one);

/** @param known what was read before: what is done is taken from there */
export async function readRequests(
  sandbox: SandboxAddresses,
  known: ReadonlyMap<string, SeenRequest>,
): Promise<ReadonlyMap<string, SeenRequest>> {
  const ids = (await Promise.all(REQUESTERS.map((person) => idsOf(sandbox, person)))).flat();
  const found = new Map<string, SeenRequest>();
  const left = [...ids];
  const reader = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const before = known.get(id);
      found.set(id, before && isDone(before) ? before : await requestOf(sandbox, id));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return found;
}
