/** The failure of a command that somebody stopped while it changed something. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { Failure, type NextSteps } from "../failures/failure.ts";
import type { StopSignal } from "../terminal/interruption.ts";
import { mayHaveLent, remainingText } from "../text/person-access-text.ts";
import { flagText } from "../text/pointer-text.ts";
import { utcTime } from "../text/time-text.ts";
import type { Change, ChangeAnswer, ChangeName, Sent, Undo } from "./change.ts";
import { CHANGES } from "./changes.ts";

/** How far the change got before the stop, as far as the command knows. */
export type Outcome<Name extends ChangeName> =
  | { readonly kind: "not-sent" }
  | { readonly kind: "done"; readonly answer: ChangeAnswer<Name> }
  | { readonly kind: "refused"; readonly failure: Failure }
  /** No answer. `readAt`: when a read began that did not show the change. */
  | { readonly kind: "unknown"; readonly readAt?: string };

/** A stopped command: the signal, and the change that it was sending. */
export interface Stopped<Name extends ChangeName> {
  readonly by: StopSignal;
  readonly sent: Sent<Name>;
  readonly who: WhoAmIAnswer | undefined;
  /** The answer had come, and the command waited for more. */
  readonly waiting?: true;
  /** The requester's remaining access, read after the answer to an end. */
  readonly remaining?: PersonAccessAnswer | undefined;
}

/** The row of a change. */
export const changeOf = <Name extends ChangeName>({ change }: Sent<Name>): Change<Name> =>
  CHANGES[change] as Change<Name>;

/** The failure that ends the command: what was sent, what came of it, and what undoes it. */
export function stoppedFailure<Name extends ChangeName>(
  stopped: Stopped<Name>,
  outcome: Outcome<Name>,
): Failure {
  const { by, sent, remaining } = stopped;
  const { undo, ...text } = textOf(stopped, outcome);
  const key = sent.call.idempotencyKey;
  return new Failure(by === "SIGINT" ? "interrupted" : "terminated", "interrupted", {
    ...text,
    facts: {
      interruption: {
        signal: by,
        change: sent.change,
        ...(sent.subject === "" ? {} : { subject: sent.subject }),
        outcome: outcome.kind,
        ...("readAt" in outcome ? { readAt: outcome.readAt } : {}),
        undo: undo?.commands ?? [],
        ...(key === undefined ? {} : { idempotencyKey: key }),
      },
      ...("answer" in outcome
        ? { answer: { ...outcome.answer, ...(remaining ? { remaining } : {}) } }
        : {}),
      ...("failure" in outcome ? { problem: outcome.failure.text.problem } : {}),
    },
  });
}

type Parts = Pick<Failure["text"], "what" | "notDone" | "next"> & {
  readonly findings?: readonly string[];
  readonly undo?: Undo;
};

const STOPPED: Readonly<Record<StopSignal, readonly [sending: string, waiting: string]>> = {
  SIGINT: ["You stopped the command.", "You stopped waiting."],
  SIGTERM: ["SIGTERM stopped the command.", "SIGTERM stopped the waiting."],
};

function textOf<Name extends ChangeName>(
  { by, sent, who, waiting, remaining }: Stopped<Name>,
  outcome: Outcome<Name>,
): Parts {
  const row = changeOf(sent);
  const first = STOPPED[by][waiting ? 1 : 0];
  const what = row.what(sent);
  if (outcome.kind === "not-sent")
    return {
      what: `${first} ${what} had not left.`,
      notDone: "Nothing was sent.",
      next: ["Next: run it again when you are ready."],
    };
  if (outcome.kind === "refused") return refused(first, what, outcome.failure);
  if (outcome.kind === "done") {
    const undo = row.undo(outcome.answer, sent, who);
    return {
      what: `${first} ${row.happened(outcome.answer, sent)}`,
      notDone: "Nothing was undone.",
      findings: restAfter(row, outcome.answer, remaining),
      next: undoLines(undo),
      undo,
    };
  }
  const undo = row.undo(undefined, sent, who);
  const read =
    outcome.readAt === undefined ? "" : ` A read at ${utcTime(outcome.readAt)} did not show it.`;
  return {
    what: `${first} ${what} was sent, and no answer came.${read}`,
    notDone: "The change may or may not have been made, or be made yet.",
    findings: restUnknown(row, sent),
    next: unknownLines(sent, row.see(sent), undo),
    undo,
  };
}

const refused = (first: string, what: string, { text }: Failure): Parts => ({
  what: `${first} ${what} was sent, and the API refused it: ${text.what}`,
  notDone: text.notDone,
  findings: [
    ...(text.problem?.errors ?? []).map(
      ({ pointer, detail }) => `${flagText(pointer)}: ${visible(detail)}`,
    ),
    ...(text.findings ?? []),
  ],
  next: text.next,
});

const undoLines = ({ said, commands }: Undo): NextSteps => [
  `Next: ${said[0]?.toLowerCase()}${said.slice(1)}`,
  ...commands.map((command) => `  ${command}`),
];

function unknownLines({ call }: Sent, see: string, { said, commands }: Undo): NextSteps {
  const { idempotencyKey } = call;
  return [
    "Next: see what became of it:",
    `  ${see}`,
    ...(commands[0] === see ? [] : [`If it was made, ${said}`, ...commands.map((c) => `  ${c}`)]),
    ...(idempotencyKey === undefined
      ? []
      : [
          "To send it again without making a second one, add:",
          `  --idempotency-key ${idempotencyKey}`,
        ]),
  ];
}

type Ends = Pick<Change<ChangeName>, "ends">;

/**
 * A person's remaining access after an end that is stored.
 *
 * @param read what was read after the answer; the answer's own otherwise
 */
function restAfter(
  { ends: verb }: Ends,
  answer: unknown,
  read: PersonAccessAnswer | undefined,
): readonly string[] {
  const ended = answer as RequestAnswer;
  if (verb === undefined || !mayHaveLent(ended)) return [];
  const remaining = read ?? ended.remaining;
  const text = remainingText(ended, remaining, { verb, now: remaining?.at ?? "" });
  return [...(remaining ? [`As of ${utcTime(remaining.at)}:`] : []), ...text.split("\n")];
}

/** A person's remaining access, where nobody knows whether their end was stored. */
function restUnknown({ ends: verb }: Ends, { before }: Sent): readonly string[] {
  if (verb === undefined) return [];
  const known = before as RequestAnswer | undefined;
  if (known) return remainingText(known, undefined, { verb, now: "" }).split("\n");
  return verb === "revoke"
    ? ["Not read: what its holder can still do. See it:", "  timelatch status <person>"]
    : ["Not read: what you can still do. See it:", "  timelatch status"];
}
