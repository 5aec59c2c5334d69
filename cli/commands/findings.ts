import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import { findingsBetween, openFindings } from "../api/findings.ts";
import { sendChange } from "../changes/send-change.ts";
import { answer, type Context, remark, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { findingBeginning } from "../prompts/finding-id.ts";
import { pastMoment } from "../prompts/moment-option.ts";
import { renderFacts } from "../terminal/facts.ts";
import { renderTable } from "../terminal/table.ts";
import { findingColumns, findingFacts } from "../text/finding-text.ts";

export interface FindingListOptions extends SinceOptions {
  /** Those that were acknowledged too. */
  readonly all?: true;
  readonly to?: string;
}

/** The time from which acknowledged findings are listed. */
export interface SinceOptions {
  readonly from?: string;
}

/** CloudTrail's event history reaches as far back. */
const DAYS = 90;

/** `timelatch findings`: the open ones, or all of a time. */
export async function listFindings(context: Context, options: FindingListOptions): Promise<void> {
  const now = context.now();
  const from = momentOf("--from", options.from, now);
  const to = momentOf("--to", options.to, now);
  if (from !== undefined && to !== undefined && from >= to)
    throw usage("--from has to be earlier than --to.");
  const api = await context.api();
  if (!options.all) {
    showList(context, { findings: await openFindings(api, { from, to }) }, "No finding is open.");
    return;
  }
  const since = from ?? daysBefore(to ?? now);
  const list = await findingsBetween(api, { from: since, to: to ?? now });
  showList(context, list, "There was no finding.");
  remark(context, `All findings from ${since} to ${visible(list.to ?? now)}.\n`);
}

/** `timelatch findings show`: one finding whole. */
export async function showFinding(
  context: Context,
  prefix: string,
  options: SinceOptions,
): Promise<void> {
  const finding = await findingOf(context, prefix, options);
  answer(context, finding, () =>
    renderFacts(findingFacts(finding, context.now()), context.screen.out),
  );
}

export interface AcknowledgeOptions extends ConfirmOptions, SinceOptions {
  /** The note on what somebody found out; asked for at a terminal. */
  readonly note?: string;
}

/** `timelatch findings acknowledge`: shows the finding, asks, and records that somebody looked at it. */
export async function acknowledgeFinding(
  context: Context,
  prefix: string,
  options: AcknowledgeOptions,
): Promise<void> {
  checkConfirmable(context, options);
  if (options.note === undefined && options.yes)
    throw usage("--yes needs --note: what you found out.", "findings acknowledge");
  const shown = await findingOf(context, prefix, options);
  const facts = renderFacts(findingFacts(shown, context.now()), context.screen.err);
  showBeforeAsking(context, options, facts);
  const note = options.note ?? (await askedNote(context));
  await confirm(context, options, "Acknowledge this?");
  const { findingId } = shown;
  const acknowledged = await sendChange(context, await context.api(), {
    change: "acknowledgeFinding",
    call: {
      method: "POST",
      path: `/v1/findings/${encodeURIComponent(findingId)}/acknowledgement`,
      body: { note },
      afterwards: `timelatch findings show ${findingId}`,
    },
    subject: findingId,
    before: shown,
  });
  tell(context, acknowledged, () => "Acknowledged. Your note is kept with the finding.\n");
}

async function askedNote(context: Context): Promise<string> {
  const prompt = context.prompt();
  try {
    return await prompt.ask("What did you find out? ", (line) =>
      line === "" ? { wrong: "A note is needed, such as a change or a ticket." } : { value: line },
    );
  } finally {
    prompt.close();
  }
}

async function findingOf(context: Context, prefix: string, options: SinceOptions) {
  const now = context.now();
  const from = momentOf("--from", options.from, now) ?? daysBefore(now);
  return findingBeginning(await context.api(), prefix, { from, to: now });
}

const daysBefore = (instant: string) => plusSeconds(instant, -DAYS * 86_400);

interface Listed {
  readonly findings: readonly FindingAnswer[];
  readonly to?: string | undefined;
}

function showList(context: Context, list: Listed, none: string): void {
  const { findings } = list;
  answer(context, list, () =>
    findings.length === 0
      ? `${none}\n`
      : renderTable(findings, findingColumns(context.now(), findings), context.screen.out),
  );
}

const momentOf = (option: string, text: string | undefined, now: string): string | undefined =>
  text === undefined ? undefined : pastMoment(option, text, now, (what) => usage(what));

const usage = (what: string, command = "findings list") =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: [`Next: see timelatch ${command} --help.`],
  });
