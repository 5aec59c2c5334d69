import type { TicketLook } from "../../domain/facts/ticket-look.ts";
import type { Tracker } from "../../domain/facts/tracker.ts";
import { askedWait } from "../asked-wait.ts";
import { instantIn, type Json, listIn, memberOf } from "../json-answer.ts";
import { NoAnswer } from "../no-answer.ts";
import { bodyOf, type OutsideAnswer, type OutsideClient } from "../outside-client.ts";
import { textIn } from "./ticket-text.ts";

type GitHub = Extract<Tracker, { readonly service: "github" }>;

export const GITHUB_HOST = "api.github.com";

/** https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api */
export const githubHeaders = (token: string) => ({
  authorization: `Bearer ${token}`,
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
  "user-agent": "timelatch",
});

const NUMBER = /^#?([1-9]\d{0,8})$/;

/**
 * Answers by path, each with its ETag. A question that names one, and that is answered 304, does not count towards the
 * 5,000 of an hour: a thousand tickets that are read every five minutes would be 12,000.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export type KnownIssues = Map<string, { readonly etag: string; readonly look: TicketLook }>;

/** A few hundred bytes each. */
const MOST_KNOWN = 2_000;

/**
 * Looks at an issue of GitHub. People are told by their numeric id, since a login may be somebody else's
 * tomorrow. A pull request answers under the same address, and a transferred issue by a redirect.
 * https://docs.github.com/en/rest/issues/issues#get-an-issue
 *
 * @throws NoAnswer where nothing is known
 */
export async function githubTicket(
  client: OutsideClient,
  { owner, repository }: GitHub,
  key: string,
  nowMs: number,
  known: KnownIssues = new Map(),
): Promise<TicketLook> {
  const number = NUMBER.exec(key)?.[1];
  if (number === undefined) return { missing: "not-found" };
  const [name, repo] = [owner, repository].map(encodeURIComponent);
  const path = `/repos/${name}/${repo}/issues/${number}`;
  const before = known.get(path);
  const answer = await moved(client.get(path, [], before?.etag));
  if (answer === "moved") return { missing: "moved" };
  if (before && answer.status === 304) return before.look;
  known.delete(path);
  if (answer.status === 404 || answer.status === 410) return { missing: "not-found" };
  const body = bodyOf(patient(answer, nowMs));
  if (memberOf(body, "pull_request") !== undefined) return { missing: "no-ticket" };
  const url = `https://${GITHUB_HOST}/repos/${owner}/${repository}`;
  const [home, found] = [memberOf(body, "repository_url"), memberOf(body, "number")];
  if (typeof home !== "string" || typeof found !== "number") throw new NoAnswer("odd");
  const isHere = home.toLowerCase() === url.toLowerCase();
  if (!isHere || found !== Number(number)) return { missing: "moved" };
  const look = { ticket: ticketIn(key, body) };
  const etag = answer.headers.get("etag") ?? "";
  if (ETAG.test(etag)) known.set(path, { etag, look });
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  return look;
}

const ETAG = /^(W\/)?"[\x21\x23-\x7e]{1,200}"$/;

async function moved(asking: Promise<OutsideAnswer>): Promise<OutsideAnswer | "moved"> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof NoAnswer && error.why === "redirected") return "moved";
    throw error;
  }
}

/** Some limits are answered 403. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function patient(answer: OutsideAnswer, nowMs: number): OutsideAnswer {
  const { status, headers, body } = answer;
  const isUsedUp = headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after");
  if (status !== 403 || !isUsedUp) return answer;
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN) - nowMs / 1_000;
  const asked = askedWait(headers, body, nowMs);
  const untilReset = Number.isFinite(reset) ? Math.max(1, Math.ceil(reset)) : null;
  throw new NoAnswer("busy", asked ?? (untilReset === null ? null : Math.min(3_600, untilReset)));
}

function ticketIn(key: string, body: Json) {
  const state = memberOf(body, "state");
  if (state !== "open" && state !== "closed") throw new NoAnswer("odd");
  return {
    key,
    status: state === "open" ? ("open" as const) : ("done" as const),
    title: textIn(body, "title"),
    assignees: listIn(body, "assignees").map(personIn),
    ...(memberOf(body, "user") === null ? {} : { reporter: personIn(memberOf(body, "user")) }),
    createdAt: new Date(instantIn(body, "created_at")).toISOString(),
  };
}

function personIn(user: Json): string {
  const id = memberOf(user, "id");
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 1) throw new NoAnswer("odd");
  return String(id);
}
