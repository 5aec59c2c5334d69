import { visible } from "../../shared/domain/values/visible-text.ts";
import type { StopAnswer, StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import type { ChangeName } from "../changes/change.ts";
import { sendChange } from "../changes/send-change.ts";
import { answer, type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { type ConfirmOptions, checkConfirmable, confirm } from "../prompts/confirm.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { stopsText } from "../text/stops-text.ts";

export interface StopOptions extends ConfirmOptions {
  readonly reason?: string;
  readonly lift?: true;
}

/** `timelatch suspensions`: who is suspended, and whether the broker is drained. */
export async function suspensions(context: Context): Promise<void> {
  const api = await context.api();
  const stops = await api.send<StopsAnswer>({ method: "GET", path: "/v1/suspensions" });
  answer(context, stops, () => stopsText(stops, context.now(), context.screen.out));
}

/** `timelatch suspend`: stops a person at once, or lifts what another admin did. */
export async function suspend(context: Context, name: string, options: StopOptions): Promise<void> {
  const stops = await change(context, options, {
    command: "suspend",
    changes: ["suspendPerson", "liftSuspension"],
    subject: name,
    path: `/v1/people/${encodeURIComponent(name)}/suspend`,
    question: options.lift
      ? `Lift the suspension of ${visible(name)}?`
      : `Suspend ${visible(name)}? All access of theirs ends now.`,
  });
  const stop = stops.suspended.find(({ person }) => person === name);
  const done = stop
    ? `${visible(name)} is suspended. Access of theirs is taken away, within five minutes at most.`
    : `${visible(name)} is no longer suspended. Access that ended has to be asked for again.`;
  report(context, stops, done, stop);
}

/** `timelatch drain`: stops everyone, or lifts that. */
export async function drain(context: Context, options: StopOptions): Promise<void> {
  const stops = await change(context, options, {
    command: "drain",
    changes: ["drain", "liftDrain"],
    subject: "",
    path: "/v1/drain",
    question: options.lift ? "Lift the drain?" : "Drain the broker? All access ends now.",
  });
  const done = stops.drain
    ? "The broker is drained. All access is taken away, within five minutes at most."
    : "The broker lends again. Access that ended has to be asked for again.";
  report(context, stops, done, stops.drain ?? undefined);
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
  readonly question: string;
}

async function change(
  context: Context,
  options: StopOptions,
  { command, changes, subject, path, question }: Stopping,
): Promise<StopsAnswer> {
  const { reason, lift } = options;
  checkConfirmable(context, options);
  if ((reason === undefined) !== (lift === true))
    throw new Failure("usage", "usage", {
      happened: lift ? "--lift takes no --reason." : "--reason is missing.",
      undone: "Nothing was sent.",
      next: [`Next: give --reason, or --lift alone; see timelatch ${command} --help.`],
    });
  await confirm(context, options, question);
  const api = await context.api();
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
        call: { method: "POST", path, body: { reason }, afterwards },
        subject,
      });
}

function report(
  context: Context,
  stops: StopsAnswer,
  done: string,
  stop: StopAnswer | undefined,
): void {
  const lifters = stop?.liftedBy.map(visible).join(" or ");
  const lift = !stop
    ? ""
    : lifters
      ? ` ${lifters} can lift it.`
      : " No other admin can lift it: add one to access.yaml.";
  tell(context, stops, () => wrapLines(`${done}${lift}\n`, context.screen.out.columns));
}
