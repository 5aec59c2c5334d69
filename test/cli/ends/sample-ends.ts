/** Requests in a list, and an API that holds them and ends them. */

import type { Api } from "../../../cli/api/api-client.ts";
import type { Call, Passage } from "../../../cli/api/call.ts";
import type { RequestAnswer, RequestSummary } from "../../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";
import { NOTHING_BESIDE } from "../sample-person-access.ts";
import { activated, answerTo as answerOf, approved, asked, idOf } from "../sample-requests.ts";

/** A request of alice in a state. Each number is a minute later than the one before. */
export function aRequest(
  number: number,
  state: RequestAnswer["state"],
  more: Partial<RequestAnswer> = {},
): RequestAnswer {
  const made = asked({
    id: idOf(number),
    createdAt: `2026-11-24T09:${String(number).padStart(2, "0")}:00.000Z`,
  });
  const step = state === "pending" ? made : activated(approved(made));
  return { ...answerOf(step), state, ...more };
}

/** Nothing gives alice access on prod, and that is known. */
export const NOTHING_LEFT: PersonAccessAnswer = {
  person: "alice",
  at: "2026-11-24T10:05:00.000Z",
  cluster: "prod",
  access: [],
  unread: [],
  standingAsOf: "2026-11-24T09:00:00.000Z",
  ...NOTHING_BESIDE,
};

interface World {
  readonly requests: readonly RequestAnswer[];
  readonly me?: string;
  /** Answers an end in place of the API, or throws; undefined for the API's own. */
  readonly onEnd?: (id: string) => unknown;
  /** Called when a request is read after its end. */
  readonly onRead?: () => void;
  /** The person's access after the ends, by cluster. */
  readonly access?: (cluster: string | null) => PersonAccessAnswer;
  /** States of a request each time that it is read after its end. */
  readonly states?: readonly RequestAnswer["state"][];
}

/** An API with these requests, which ends what it is asked to end. */
export interface Broker extends Api {
  readonly calls: readonly Call[];
  /** Each end that was sent: `revoke <id>`. */
  readonly ends: readonly string[];
}

export function brokerWith({
  requests,
  me = "heidi",
  onEnd = () => undefined,
  onRead = () => undefined,
  access = (cluster) => ({ ...NOTHING_LEFT, cluster }),
  states = ["ending", "ended"],
}: World): Broker {
  const reads = new Map<string, number>();
  const ends: string[] = [];
  const list = (wanted: (request: RequestSummary) => boolean) => ({
    requests: requests.filter(wanted),
  });
  const calls: Call[] = [];
  const answerTo = ({ method, path, query = {} }: Call): unknown => {
    const { pathname, searchParams } = new URL(path, "http://api");
    if (pathname === "/v1/whoami") return { person: me, groups: [], roles: [], identityArn: "x" };
    if (pathname === "/v1/grants") return list(({ state }) => LENT.has(state));
    if (pathname === "/v1/requests")
      return query["view"] === "mine"
        ? list(({ requester }) => requester === me)
        : list(({ state }) => state === "pending");
    if (pathname.startsWith("/v1/people/")) return access(searchParams.get("cluster"));
    const [, , , id = "", verb] = pathname.split("/");
    const known = requests.find((each) => each.id === id);
    if (!known) throw new Error(`${method} ${path} is not expected.`);
    if (verb !== undefined) {
      ends.push(`${verb} ${id}`);
      return onEnd(id) ?? { ...known, state: known.state === "pending" ? "cancelled" : "ending" };
    }
    onRead();
    const count = reads.get(id) ?? 0;
    reads.set(id, count + 1);
    return { ...known, state: states[Math.min(count, states.length - 1)] };
  };
  return {
    address: "https://api.example.com",
    calls,
    ends,
    send: async <Answer>(call: Call, passage?: Passage) => {
      passage?.signal.throwIfAborted();
      passage?.leaves();
      calls.push(call);
      return answerTo(call) as Answer;
    },
  };
}

const LENT: ReadonlySet<RequestAnswer["state"]> = new Set(["approved", "active", "ending"]);
