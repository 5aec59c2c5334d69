/** The request that a command is about: an id, the beginning of one, `--latest`, or a choice. */
import type { State } from "../../shared/domain/requests/request.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { grantsOf, requestsBeginningWith, requestsOf } from "../api/lists.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import type { Column } from "../terminal/table.ts";
import { requestColumns } from "../text/request-text.ts";
import { chooseOne } from "./choose.ts";
import type { ConfirmOptions } from "./confirm.ts";
import { isWholeId } from "./request-id.ts";

export interface WhichOptions extends ConfirmOptions {
  readonly latest?: true;
}

/** The requests that a command may be about. */
interface Candidates {
  /** For messages: `No request waits for your approval.` */
  readonly none: string;
  /** The next step then. */
  readonly instead: string;
  readonly list: (api: Api) => Promise<readonly RequestSummary[]>;
  readonly states?: readonly State[];
  /** It acts on other people's requests, so `--yes` with `--latest` would confirm a request unseen. */
  readonly ofOthers?: true;
  /** It acts on a whole chain of extensions, or on its last grant: the others are no choice. */
  readonly ofChain?: true;
}

const toApprove: Candidates = {
  none: "No request waits for your approval.",
  instead: "ask the requester for the id, and see it with timelatch show <id>",
  list: (api) => requestsOf(api, "to-approve"),
  ofOthers: true,
};
const mine = (none: string, instead: string, ...states: readonly State[]): Candidates => ({
  none,
  instead,
  list: (api) => requestsOf(api, "mine"),
  ...(states.length > 0 ? { states } : {}),
});

const STATES_OF_MINE = "see the states of your requests with timelatch list";

/** The requests that each command may be about. */
const CANDIDATES = {
  show: mine("You have no requests.", "ask for access with timelatch request"),
  approve: toApprove,
  deny: toApprove,
  cancel: mine("You have no request to cancel.", STATES_OF_MINE, "pending", "approved"),
  return: {
    ...mine("You have no active access to return.", STATES_OF_MINE, "active"),
    ofChain: true,
  },
  review: {
    none: "No review waits for you whose access is over.",
    instead: "see the open reviews with timelatch review",
    list: (api) => requestsOf(api, "to-review"),
    states: ["ended", "failed"],
    ofOthers: true,
  },
  escalate: mine("You have no pending request to escalate.", STATES_OF_MINE, "pending"),
  extend: {
    ...mine("You have no active access to extend.", STATES_OF_MINE, "active"),
    ofChain: true,
  },
  revoke: {
    none: "There is no access that you could revoke.",
    instead: "see all that is lent with timelatch grants",
    list: grantsOf,
    states: ["approved", "active"],
    ofOthers: true,
  },
} as const satisfies Readonly<Record<string, Candidates>>;

export type RequestCommand = keyof typeof CANDIDATES;

/** Without an id, at a terminal, somebody chooses; the only candidate is taken. Elsewhere an id is needed. */
export function checkWhich(
  { screen }: Context,
  command: RequestCommand,
  id: string | undefined,
  { latest, yes }: WhichOptions,
): void {
  const candidates: Candidates = CANDIDATES[command];
  if (id !== undefined && latest)
    throw usage(command, "An id and --latest exclude each other.", "leave one of them out");
  if (latest && yes && candidates.ofOthers)
    throw usage(
      command,
      `--latest with --yes would ${command} a request that nobody has seen.`,
      "give the id with --yes, or leave --yes out",
    );
  if (id === undefined && !latest && !screen.interactive)
    throw usage(command, "Missing required argument: id.", "give an id, or --latest");
}

const usage = (command: string, what: string, next: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: [`Next: ${next}; see timelatch ${command} --help.`],
  });

/**
 * The whole id of the request that a command is about.
 *
 * @throws Failure `notFound` where none or several begin with the id, or none is a candidate
 */
export async function whichRequest(
  context: Context,
  api: Api,
  command: RequestCommand,
  id: string | undefined,
  { latest }: WhichOptions,
): Promise<string> {
  if (id !== undefined) return isWholeId(id) ? id : byPrefix(api, id);
  const { none, instead, list, states, ofChain }: Candidates = CANDIDATES[command];
  const candidates = (await list(api)).filter(({ state }) => states?.includes(state) ?? true);
  // In the order of the list that people read: a number there means the same request here.
  const found = ofChain ? lastOfChains(candidates) : candidates;
  const [newest] = found.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (!newest) throw nothing(none, instead);
  return latest ? newest.id : choose(context, found);
}

/** Without each grant whose extension is among them too. */
function lastOfChains(requests: readonly RequestSummary[]): readonly RequestSummary[] {
  const ids = new Set(requests.map(({ id }) => id));
  return requests.filter(({ extendedBy }) => extendedBy === undefined || !ids.has(extendedBy));
}

/** How many requests are named where an id is ambiguous. */
const MOST_NAMED = 10;

async function byPrefix(api: Api, prefix: string): Promise<string> {
  const found = await requestsBeginningWith(api, prefix, MOST_NAMED + 1);
  const [only] = found;
  if (only === undefined)
    throw nothing(
      `No request that you may see begins with ${prefix}.`,
      "check the id with timelatch list, or give its whole id",
    );
  if (found.length === 1) return only.id;
  const isCut = found.length > MOST_NAMED;
  throw new Failure("notFound", "ambiguous-id", {
    what: `${isCut ? `More than ${MOST_NAMED}` : found.length} requests begin with ${prefix}.`,
    notDone: "Nothing was done.",
    findings: found
      .slice(0, MOST_NAMED)
      .map(({ id, state, requester, cluster }) => `${id}  ${state}, ${requester} on ${cluster}`),
    next: ["Next: give more of the id."],
  });
}

const nothing = (what: string, next: string) =>
  new Failure("notFound", "no-such-request", {
    what,
    notDone: "Nothing was done.",
    next: [`Next: ${next}.`],
  });

async function choose(context: Context, found: readonly RequestSummary[]): Promise<string> {
  const columns: readonly Column<RequestSummary>[] = requestColumns(context.now(), found);
  const prompt = context.prompt();
  try {
    const { id } = await chooseOne(prompt, context.screen.err, {
      what: "Request",
      options: found,
      nameOf: (request) => request.id,
      columns,
    });
    return id;
  } finally {
    prompt.close();
  }
}
