import { tooEarlyToReview } from "../../shared/domain/requests/closable-review.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { requestsOf } from "../api/lists.ts";
import { sendChange } from "../changes/send-change.ts";
import { answer, type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { renderTable } from "../terminal/table.ts";
import { requestFacts } from "../text/request-facts.ts";
import { doneFacts, reviewColumns } from "../text/review-text.ts";

export interface ReviewOptions extends ConfirmOptions, WhichOptions {
  readonly close?: true;
  /** The use that the access was put to; asked for at a terminal. */
  readonly note?: string;
}

/** `timelatch review`: lists the open reviews that one may close, or closes one with a note. */
export async function review(
  context: Context,
  given: string | undefined,
  options: ReviewOptions,
): Promise<void> {
  if (options.close) return closeReview(context, given, options);
  if (given !== undefined || options.note !== undefined || options.latest)
    throw usage("A review is closed with --close.", "give --close, or leave the rest out");
  const requests = await requestsOf(await context.api(), "to-review");
  answer(context, { requests }, () =>
    requests.length === 0
      ? "No review of a break-glass waits for you.\n"
      : renderTable(requests, reviewColumns(context.now(), requests), context.screen.out),
  );
}

async function closeReview(
  context: Context,
  given: string | undefined,
  options: ReviewOptions,
): Promise<void> {
  checkConfirmable(context, options);
  checkWhich(context, "review", given, options);
  if (options.note === undefined && options.yes)
    throw usage("--yes needs --note: what the access was used for.", "give --note");
  const api = await context.api();
  const id = await whichRequest(context, api, "review", given, options);
  const path = `/v1/requests/${id}`;
  const shown = await api.send<RequestAnswer>({ method: "GET", path });
  const now = context.now();
  const all = [...requestFacts(shown, now), ...doneFacts(shown, now)];
  const facts = renderFacts(all, context.screen.err);
  showBeforeAsking(context, options, facts);
  demandOver(shown);
  const note = options.note ?? (await askedNote(context));
  await confirm(context, options, "Close this review?");
  const afterwards = `timelatch show ${id}`;
  const closed = await sendChange(context, api, {
    change: "closeReview",
    call: { method: "POST", path: `${path}/review`, body: { note }, afterwards },
    subject: id,
    before: shown,
  });
  tell(context, closed, () => "The review is closed. Your note is kept in the history.\n");
}

/** Nobody writes a note that the API would refuse. @throws Failure `review-too-early` */
function demandOver(shown: RequestAnswer): void {
  const tooEarly = shown.review?.closed === null ? tooEarlyToReview(shown) : undefined;
  if (!tooEarly) return;
  throw new Failure("conflict", "review-too-early", {
    what: tooEarly.detail,
    notDone: "",
    next: ["Next: see when that is:", `  timelatch show ${shown.id}`],
  });
}

async function askedNote(context: Context): Promise<string> {
  const prompt = context.prompt();
  try {
    return await prompt.ask("What was the access used for? ", (line) =>
      line.trim() === ""
        ? { wrong: "A note is needed, such as what was changed, and a ticket." }
        : { value: line },
    );
  } finally {
    prompt.close();
  }
}

const usage = (what: string, next: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: [`Next: ${next}; see timelatch review --help.`],
  });
