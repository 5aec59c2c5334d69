import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { grantsOf, requestsOf } from "../api/lists.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { answer, type Context } from "../context.ts";
import { type Ending, followed, type SentEnds } from "../ends/ending.ts";
import { lostFollowing, somethingRemains, stoppedFollowing } from "../ends/ends-failure.ts";
import { placesOf, type Rest, readRest, reportOf } from "../ends/ends-report.ts";
import {
  type FollowTiming,
  followEnds,
  type LastSeen,
  LIMIT_SECONDS,
} from "../ends/follow-ends.ts";
import { type EndPlan, planEnds } from "../ends/plan-ends.ts";
import { readOvertaken, sendEnds } from "../ends/send-ends.ts";
import { Failure } from "../failures/failure.ts";
import { checkConfirmable, confirm, showBeforeAsking } from "../prompts/confirm.ts";
import { whosePerson } from "../prompts/whose-person.ts";
import { untilInterrupted } from "../terminal/interruption.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { withinOr } from "../terminal/within.ts";
import { endsText, planQuestion, planText, restText } from "../text/ends-text.ts";
import { utcTime } from "../text/time-text.ts";
import { waitingOf } from "../wait.ts";
import type { EndOptions } from "./end.ts";

/** `return` and `revoke` with `--all`. */
export interface EndAllOptions extends EndOptions {
  readonly all?: true;
  /** Only these two commands with `--all` take it. */
  readonly cluster?: string;
  /** The person whose access ends, for `revoke`. */
  readonly who?: string;
}

type AllVerb = "return" | "revoke";

/**
 * `timelatch return --all` and `revoke --all --who`: ends all that the caller may end of one
 * person's requests. It waits for the proof, and says what access remains.
 *
 * @throws Failure `remains` where that is anything, or not known
 */
export async function endAll(
  context: Context,
  verb: AllVerb,
  given: string | undefined,
  options: EndAllOptions,
  timing?: FollowTiming,
): Promise<void> {
  checkAll(context, verb, given, options);
  const waiting = waitingOf(context, options, false);
  const waits = options.wait !== false;
  const limit = waits ? (waiting?.timeoutSeconds ?? LIMIT_SECONDS) : undefined;
  const api = await context.api();
  const plan = await planFor(context, api, verb, options);
  const ending: Ending = { context, api, plan, note: options.note };
  if (isEmpty(plan)) await readPersonAccess(api, plan.person, plan.cluster);
  if (plan.ends.length > 0 && !options.yes) {
    showBeforeAsking(context, options, planText(plan, context.now(), context.screen.err));
    await confirm(context, options, planQuestion(plan));
  }
  const sent = await sendEnds(ending);
  const seen: LastSeen = new Map(followed(plan, sent).map((each) => [each.id, each]));
  const rest = await settled(ending, { seen, refused: sent.refused }, limit, timing);
  const report = reportOf(plan, seen.values(), notSeen(sent.refused, seen), rest);
  answer(context, report, () =>
    wrapLines(endsText(plan, report, rest, context.now()), context.screen.out.columns),
  );
  if (report.remains) throw somethingRemains(plan, report, limit);
}

const isEmpty = ({ ends, underway, pending }: EndPlan): boolean =>
  ends.length + underway.length + pending.length === 0;

function checkAll(
  context: Context,
  verb: AllVerb,
  given: string | undefined,
  options: EndAllOptions,
): void {
  if (given !== undefined || options.latest)
    throw usage(verb, "--all takes no id and no --latest.", "leave --all out, or the rest");
  if (verb === "revoke" && options.who === undefined && !context.screen.interactive)
    throw usage(verb, "revoke --all lacks --who, the person.", "add --who <person>");
  checkConfirmable(context, options);
}

/** Options that only `--all` has. @throws Failure `usage` */
export function checkOne(verb: string, { cluster, who }: EndAllOptions): void {
  if (cluster !== undefined || who !== undefined)
    throw usage(
      verb,
      `${cluster === undefined ? "--who" : "--cluster"} is for --all alone.`,
      "add --all, or name one request by its id",
    );
}

const usage = (verb: string, what: string, next: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: [`Next: ${next}; see timelatch ${verb} --help.`],
  });

async function planFor(
  context: Context,
  api: Api,
  verb: AllVerb,
  { who, cluster }: EndAllOptions,
): Promise<EndPlan> {
  const { person: me } = await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  const own = async () =>
    planEnds(await requestsOf(api, "mine"), { person: me, cluster, isOwn: true });
  if (verb === "return" || who === me) return own();
  const listed: readonly RequestSummary[] = [
    ...(await grantsOf(api)),
    ...(await requestsOf(api, "to-approve")),
  ];
  const person = who ?? (await whosePerson(context, listed));
  return person === me ? own() : planEnds(listed, { person, cluster, isOwn: false });
}

/** How long a stopped command reads what remains. */
const READ_MS = 5_000;

/** Waits for the proof of every end, and reads what remains then. @param limit undefined for no wait */
async function settled(
  ending: Ending,
  { seen, refused }: Pick<SentEnds, "refused"> & { readonly seen: LastSeen },
  limit: number | undefined,
  timing: FollowTiming | undefined,
): Promise<readonly Rest[]> {
  const { context, api, plan } = ending;
  const places = placesOf(plan);
  const stateNow = () => ({ seen: [...seen.values()], refused: notSeen(refused, seen) });
  return untilInterrupted(
    async (signal) => {
      for (const each of await readOvertaken(ending, refused)) seen.set(each.id, each);
      if (limit !== undefined)
        await followEnds(ending, seen, limit, signal, timing).catch((error: unknown) => {
          if (!(error instanceof Failure)) throw error;
          throw lostFollowing(ending, error, stateNow());
        });
      return readRest(api, plan, places);
    },
    async (by, signals) => {
      const read = readRest(api, plan, places);
      const rest = await withinOr([], read, READ_MS, signals.nth(2));
      const now = context.now();
      const lines = restText(plan, rest, now);
      const asOf = lines.length > 0 ? [`As of ${utcTime(now)}:`] : [];
      throw stoppedFollowing(ending, by, stateNow(), [...asOf, ...lines]);
    },
  );
}

/** Without those that were over by themselves when they were refused. */
const notSeen = (refused: SentEnds["refused"], seen: LastSeen): SentEnds["refused"] =>
  refused.filter(({ end }) => !seen.has(end.request.id));
