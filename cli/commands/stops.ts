import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { StopAnswer, StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import { grantsOf } from "../api/lists.ts";
import type { ChangeName } from "../changes/change.ts";
import { sendChange } from "../changes/send-change.ts";
import { answer, type Context, remark, tell } from "../context.ts";
import { type FollowTiming, LIMIT_SECONDS } from "../ends/follow-ends.ts";
import { followStop, stopEndsLines, stopNotProven } from "../ends/stop-ends.ts";
import { Failure } from "../failures/failure.ts";
import { type ConfirmOptions, checkConfirmable, confirm } from "../prompts/confirm.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { counted } from "../text/bundle-text.ts";
import { stopsText } from "../text/stops-text.ts";
import { waitingOf } from "../wait.ts";

export interface StopOptions extends ConfirmOptions {
  readonly reason?: string;
  readonly lift?: true;
  readonly evenIfNobodyCanLift?: true;
  readonly wait?: true;
  /** A duration such as `90s` or `10m`. */
  readonly timeout?: string;
}

/** `timelatch suspensions`: who is suspended, and whether the broker is drained. */
export async function suspensions(context: Context): Promise<void> {
  const api = await context.api();
  const stops = await api.send<StopsAnswer>({ method: "GET", path: "/v1/suspensions" });
  answer(context, stops, () => stopsText(stops, context.now(), context.screen.out));
}

/** `timelatch suspend`: stops a person at once, or lifts what another admin did. */
export async function suspend(
  context: Context,
  name: string,
  options: StopOptions,
  timing?: FollowTiming,
): Promise<void> {
  const stops = await change(context, options, {
    command: "suspend",
    changes: ["suspendPerson", "liftSuspension"],
    subject: name,
    path: `/v1/people/${encodeURIComponent(name)}/suspend`,
    question: (grants) =>
      options.lift
        ? `Lift the suspension of ${visible(name)}?`
        : `Suspend ${visible(name)}? ${endingText(grants?.filter(({ requester }) => requester === name))}`,
  });
  const stop = stops.suspended.find(({ person }) => person === name);
  const done = stop
    ? `${visible(name)} is suspended. ${removalText(stops.remaining)} Standing access stays.`
    : `The suspension of ${visible(name)} is lifted. ${stops.drain ? "The broker is drained, so nothing is lent to anybody. " : ""}${ASKED_AGAIN}`;
  const left = `timelatch status ${visible(name)}`;
  await conclude(context, options, { stops, done, stop, left, person: name }, timing);
}

/** `timelatch drain`: stops everyone, or lifts that. */
export async function drain(
  context: Context,
  options: StopOptions,
  timing?: FollowTiming,
): Promise<void> {
  const stops = await change(context, options, {
    command: "drain",
    changes: ["drain", "liftDrain"],
    subject: "",
    path: "/v1/drain",
    question: (grants) =>
      options.lift ? "Lift the drain?" : `Drain the broker? ${endingText(grants)}`,
  });
  const done = stops.drain
    ? `The broker is drained. ${removalText(stops.remaining)} Standing access stays.`
    : `${lendsText(stops)} ${ASKED_AGAIN}`;
  const stop = stops.drain ?? undefined;
  const left = "timelatch grants";
  await conclude(context, options, { stops, done, stop, left, person: undefined }, timing);
}

const ASKED_AGAIN = "Access that ended has to be asked for again.";

/** The access that is being removed, as it was read once the stop was stored. */
function removalText(remaining: StopsAnswer["remaining"]): string {
  if (!remaining) return "Its grants are being removed; how many there are could not be read.";
  if (remaining.grants === 0) return "No grant is listed as open.";
  const [grants, people] = [counted(remaining.grants, "grant"), remaining.people];
  const amongPeople = people > 1 ? ` of ${people} people` : "";
  return `${grants}${amongPeople} ${remaining.grants === 1 ? "is" : "are"} being removed.`;
}

/** With the people who are still lent nothing. */
function lendsText({ suspended }: StopsAnswer): string {
  if (suspended.length === 0) return "The broker lends again.";
  const names = suspended.map(({ person }) => visible(person)).join(", ");
  return `The broker lends again, except to ${names}, who ${suspended.length === 1 ? "is" : "are"} suspended.`;
}

/** Stops a person or everyone, or lifts that. */
interface Stopping {
  readonly command: string;
  readonly changes: readonly [
    stop: Extract<ChangeName, "suspendPerson" | "drain">,
    lift: Extract<ChangeName, "liftSuspension" | "liftDrain">,
  ];
  /** The person; empty for everyone. */
  readonly subject: string;
  readonly path: string;
  /** @param grants those that are open; undefined where the API does not list them */
  readonly question: (grants: readonly RequestSummary[] | undefined) => string;
}

async function change(
  context: Context,
  options: StopOptions,
  { command, changes, subject, path, question }: Stopping,
): Promise<StopsAnswer> {
  const { lift, yes } = options;
  checkConfirmable(context, options);
  const canAsk = !yes && context.screen.interactive;
  if (lift ? options.reason !== undefined : options.reason === undefined && !canAsk)
    throw new Failure("usage", "usage", {
      what: lift ? "--lift takes no --reason." : "--reason is missing.",
      notDone: "Nothing was sent.",
      next: [`Next: give --reason, or --lift alone; see timelatch ${command} --help.`],
    });
  const api = await context.api();
  const reason = lift ? undefined : (options.reason ?? (await askedReason(context)));
  if (!yes) {
    // An emergency does not wait for a list.
    const grants = lift ? undefined : await grantsOf(api).catch(() => undefined);
    const open = grants?.filter(({ state }) => state !== "ending");
    await confirm(context, options, question(open));
  }
  const afterwards = "timelatch suspensions";
  const [stop, undo] = changes;
  return lift
    ? sendChange(context, api, {
        change: undo,
        call: { method: "DELETE", path, afterwards },
        subject,
      })
    : sendChange(context, api, {
        change: stop,
        call: { method: "POST", path, body: bodyOf(reason, options), afterwards },
        subject,
      });
}

const bodyOf = (reason: string | undefined, { evenIfNobodyCanLift }: StopOptions) => ({
  reason,
  ...(evenIfNobodyCanLift ? { evenIfNobodyCanLift } : {}),
});

async function askedReason(context: Context): Promise<string> {
  const prompt = context.prompt();
  try {
    const question = "Why? It is kept for ever, and shown to whoever is stopped: ";
    return await prompt.ask(question, (line) =>
      line === "" ? { wrong: "Give a reason: auditors read it." } : { value: line },
    );
  } finally {
    prompt.close();
  }
}

/** `7 grants of 4 people end now.` */
function endingText(grants: readonly RequestSummary[] | undefined): string {
  if (grants === undefined) return "All access ends now; the API does not say how much that is.";
  const people = new Set(grants.map(({ requester }) => requester)).size;
  if (people === 0) return "No grant is open that you can see.";
  const [ending, among] = [
    counted(grants.length, "grant"),
    people === 1 ? "1 person" : `${people} people`,
  ];
  return `${ending} of ${among} ${grants.length === 1 ? "ends" : "end"} now.`;
}

/** A change that was stored, and its words. */
interface Stopped {
  readonly stops: StopsAnswer;
  readonly done: string;
  /** Undefined where a stop was lifted. */
  readonly stop: StopAnswer | undefined;
  /** The command that shows what is left. */
  readonly left: string;
  /** Undefined for everyone. */
  readonly person: string | undefined;
}

/** Says what was done, and with `--wait` what ended, once reads have proven it. */
async function conclude(
  context: Context,
  options: StopOptions,
  stopped: Stopped,
  timing: FollowTiming | undefined,
): Promise<void> {
  const { stops, stop, person } = stopped;
  const waiting = stop && waitingOf(context, options, false);
  if (!waiting) {
    tell(context, stops, () => textOf(stopped));
    return;
  }
  remark(context, wrapLines(textOf(stopped), context.screen.err.columns));
  const limit = waiting.timeoutSeconds ?? LIMIT_SECONDS;
  const ends = await followStop({ context, api: await context.api(), person }, limit, timing);
  tell(context, { ...stops, ...ends }, () => `${stopEndsLines(ends).join("\n")}\n`);
  if (ends.notProven.length > 0) throw stopNotProven(ends, person, limit);
}

function textOf({ done, stop, left }: Stopped): string {
  const lifters = stop?.liftedBy.map(visible).join(" or ");
  const lift = !stop
    ? ""
    : lifters
      ? ` ${lifters} can lift it.`
      : " No other admin can lift it: add one to access.yaml.";
  return `${done}${lift}\n${stop ? `See what is left:\n  ${left}\n` : ""}`;
}
