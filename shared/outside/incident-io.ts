import type { Shift } from "../domain/facts/schedule-reading.ts";
import { idIn, instantIn, type Json, listIn, memberOf } from "./json-answer.ts";
import { NoAnswer } from "./no-answer.ts";
import { bodyOf, type OutsideClient } from "./outside-client.ts";
import { peopleOnCall, type Turn } from "./turns.ts";

/** https://docs.incident.io/api-reference/introduction */
export const INCIDENT_IO_HOST = "api.incident.io";

export const incidentIoHeaders = (token: string) => ({ authorization: `Bearer ${token}` });

/**
 * The people on call by a schedule of incident.io. It answers one shift for each rotation and layer, and a
 * shift without a user is a gap.
 * https://docs.incident.io/api-reference/schedules-v2/show
 */
export async function incidentIoOnCall(
  client: OutsideClient,
  schedule: string,
  nowMs: number,
): Promise<readonly Shift[]> {
  const answer = await client.get(`/v2/schedules/${encodeURIComponent(schedule)}`, []);
  const found = memberOf(bodyOf(answer), "schedule");
  if (memberOf(found, "id") !== schedule) throw new NoAnswer("odd");
  const current = listIn(found, "current_shifts").map(turnIn);
  const next = memberOf(found, "next_shifts") === undefined ? [] : listIn(found, "next_shifts");
  return peopleOnCall([...current, ...next.map(turnIn)], nowMs);
}

function turnIn(shift: Json): Turn {
  const user = memberOf(shift, "user");
  return {
    who: user === undefined || user === null ? "nobody" : userIn(user),
    from: instantIn(shift, "start_at"),
    to: instantIn(shift, "end_at"),
  };
}

function userIn(user: Json): Turn["who"] {
  const id = idIn(user, "id");
  return id === undefined ? "odd" : { id };
}
