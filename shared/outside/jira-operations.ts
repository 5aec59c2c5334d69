import { ON_CALL_COUNTS_SECONDS } from "../domain/facts/on-call.ts";
import type { Shift } from "../domain/facts/schedule-reading.ts";
import { idIn, instantIn, isId, type Json, listIn, memberOf } from "./json-answer.ts";
import { NoAnswer } from "./no-answer.ts";
import { bodyOf, type OutsideAnswer, type OutsideClient } from "./outside-client.ts";
import { peopleOnCall, type Turn } from "./turns.ts";

/** https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/intro/ */
export const JIRA_OPERATIONS_HOST = "api.atlassian.com";

/** @param token `email:api_token`, as Atlassian's pages write it */
export const jiraOperationsHeaders = (token: string) => ({
  authorization: `Basic ${Buffer.from(token, "utf8").toString("base64")}`,
});

/**
 * The people on call by a schedule of Jira Service Management. One call says who, with teams resolved; only
 * the timeline says until when, and where it does not, the end is not known.
 * https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/api-group-schedule-on-calls/
 */
export async function jiraOperationsOnCall(
  client: OutsideClient,
  { cloudId, schedule }: { readonly cloudId: string; readonly schedule: string },
  nowMs: number,
): Promise<readonly Shift[]> {
  const [site, id] = [cloudId, schedule].map(encodeURIComponent);
  const path = `/jsm/ops/api/${site}/v1/schedules/${id}`;
  const date: [string, string] = ["date", new Date(nowMs).toISOString()];
  const answer = loggedIn(await client.get(`${path}/on-calls`, [["flat", "true"], date]));
  const ids = listIn(bodyOf(answer), "onCallUsers");
  if (!ids.every(isId)) throw new NoAnswer("odd");
  if (ids.length === 0) return [];
  const timeline = await client.get(`${path}/timeline`, [
    ["interval", "8"],
    ["intervalUnit", "days"],
    date,
  ]);
  const inTimeline = peopleInTimeline(bodyOf(loggedIn(timeline)), nowMs);
  const known = new Map(inTimeline.map((each) => [each.person, each]));
  return [...new Set(ids)].sort().map((person) => known.get(person) ?? forNow(person, nowMs));
}

/** Somebody whom the timeline does not have, such as a member of a team: on call now, and no more is known. */
const forNow = (person: string, nowMs: number): Shift => ({
  person,
  until: new Date(nowMs + ON_CALL_COUNTS_SECONDS * 1_000).toISOString(),
  goesOn: true,
});

/**
 * Atlassian's answers to a token that it does not take may be those to nobody. This header tells.
 * https://github.com/MrRefactoring/jira.js/issues/418
 */
function loggedIn(answer: OutsideAnswer): OutsideAnswer {
  const reason = answer.headers.get("x-seraph-loginreason");
  if (reason !== null && reason !== "OK") throw new NoAnswer("token-refused");
  return answer;
}

/** The people in whose periods the instant is. A period of a team says nothing about a person. */
function peopleInTimeline(timeline: Json, nowMs: number): readonly Shift[] {
  const turns = listIn(memberOf(timeline, "finalTimeline"), "rotations")
    .filter((rotation) => memberOf(rotation, "deleted") !== true)
    .flatMap((rotation) => {
      const periods = memberOf(rotation, "periods");
      return periods === undefined ? [] : listIn(rotation, "periods").flatMap(turnsIn);
    });
  return peopleOnCall(turns, nowMs, instantIn(timeline, "endDate"));
}

function turnsIn(period: Json): readonly Turn[] {
  const times = { from: instantIn(period, "startDate"), to: instantIn(period, "endDate") };
  const byOverride = memberOf(period, "type") === "override";
  return respondersIn(period).flatMap((responder) => {
    const id = memberOf(responder, "type") === "user" ? idIn(responder, "id") : undefined;
    return id === undefined ? [] : [{ who: { id }, ...times, byOverride }];
  });
}

function respondersIn(period: Json): readonly Json[] {
  const flattened = memberOf(period, "flattenedResponders");
  if (Array.isArray(flattened) && flattened.length > 0) return flattened;
  return [memberOf(period, "responder")];
}
