/** Audit events of many requests, made one by one, so that no more than their ends is kept. */

import { chained } from "../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { CHAIN_START } from "../../../shared/domain/values/hash-chain.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { aFirstStep, anApproval, aStep, T0 } from "../../fakes/builders.ts";
import { countedId } from "../../fakes/counted-ids.ts";

const CALL = {
  operation: "AssociateAccessPolicy",
  requestId: "9f1c2d3e-0000-4000-8000-000000000001",
  sessionName: "timelatch-01935e00-0000-7000-8000-000000000001",
  at: T0,
  result: "ok",
};

/** The events of one whole life, with `events` records of calls. */
function life(events: number): readonly AuditEvent[] {
  const first = aFirstStep();
  const steps = [first, anApproval(first.request)];
  const follow = (
    type: "activate" | "evidence" | "expire" | "settle",
    calls: readonly object[],
  ) => {
    const request: AccessRequest | undefined = steps.at(-1)?.request;
    if (request) steps.push(aStep(request, { type, details: { calls } } as never));
  };
  follow("activate", [CALL]);
  while (steps.length < events - 2) follow("evidence", [CALL]);
  follow("expire", [CALL]);
  follow("settle", []);
  return steps.map(({ event }) => event);
}

/**
 * The histories of many requests, mixed as time mixes them: first every request's first event.
 *
 * @param each how many events each request has: 6 or more
 */
export function* histories(requests: number, each: number): Generator<AuditEvent> {
  const ends = new Array<string>(requests).fill(CHAIN_START);
  for (const [step, { hash: _hash, ...event }] of life(each).entries())
    for (let request = 0; request < requests; request += 1) {
      const made = chained({
        ...event,
        requestId: countedId(request + 1),
        at: plusSeconds(T0, step),
        previousHash: ends[request] ?? CHAIN_START,
      } as Parameters<typeof chained>[0]);
      ends[request] = made.hash;
      yield made;
    }
}
