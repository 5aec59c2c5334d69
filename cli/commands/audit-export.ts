import { rm } from "node:fs/promises";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Api } from "../api/api-client.ts";
import { demandFree } from "../audit/demand-free.ts";
import type { ExportHead } from "../audit/export-journal.ts";
import { askedBy, manifestOf, writeManifest } from "../audit/export-manifest.ts";
import { writeRest } from "../audit/export-source.ts";
import {
  createPartial,
  type PartialFile,
  partialsOf,
  resumePartial,
} from "../audit/partial-file.ts";
import { type ExportFilter, filterOf } from "../audit/selected-requests.ts";
import { leftOutText, type WholeTally } from "../audit/write-export.ts";
import { writeToOutput } from "../audit/write-whole.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";
import { pastMoment } from "../prompts/moment-option.ts";
import { type StopSignal, untilInterrupted } from "../terminal/interruption.ts";
import { counted } from "../text/bundle-text.ts";

export interface AuditExportOptions extends ExportFilter {
  readonly from?: string;
  readonly to?: string;
  readonly format?: "ndjson" | "csv" | "ocsf";
  readonly out?: string;
  /** Replaces the file that `out` or `resume` names. */
  readonly overwrite?: true;
  /** The file of an export that was interrupted; it says itself what was asked for. */
  readonly resume?: string;
}

/**
 * `timelatch audit export`: every event with `from` ≤ `at` < `to`, as far as the API lists them. It
 * leaves the latest ones to the next export, and says up to when this one is complete. A request
 * that began before `from` comes with its earlier events. So each chain is whole and can be
 * verified.
 *
 * A file appears under its name when it is whole and on the disk. The file that an interruption
 * leaves beside it can be continued to the same bytes.
 */
export async function auditExport(context: Context, options: AuditExportOptions): Promise<void> {
  if (options.resume !== undefined) return resumed(context, options.resume, options);
  const head = headOf(context, options);
  const { out } = options;
  if (out === undefined) return report(context, head, await toOutput(context, head));
  for (const file of [out, manifestOf(out)]) await demandFree(file, options.overwrite, NOT_DONE);
  // Before anything is written: who may not sign has nothing to clean up.
  const api = await context.api();
  const asked = { ...head, ...(await askedBy(api, context.now())) };
  const partial = await createPartial(out, asked).catch((error: unknown) => {
    throw cannotOpen(out, error);
  });
  report(context, head, await toFile(context, api, out, partial), out);
}

function headOf(context: Context, options: AuditExportOptions): ExportHead {
  if (context.json && options.format)
    throw usage("--json and --format exclude each other: --json is a format of its own.");
  if (options.from === undefined) throw usage("--from is missing: the first moment to export.");
  const from = pastMoment("--from", options.from, context.now(), usage);
  const to =
    options.to === undefined ? context.now() : pastMoment("--to", options.to, context.now(), usage);
  if (from >= to) throw usage("--from has to be earlier than --to.");
  const filter = filterOf(options);
  if (options.format === "ocsf" && Object.keys(filter).length > 0)
    throw usage("--format ocsf has findings about everybody: it takes no --cluster or --person.");
  const format = context.json ? "json" : (options.format ?? "ndjson");
  return { journal: 1, from, to, format, ...filter };
}

async function toOutput(context: Context, head: ExportHead): Promise<WholeTally> {
  const api = await context.api();
  const write = (text: string) =>
    writeToOutput(text).catch((error: unknown) => {
      throw cutOff("standard output", error, false);
    });
  return untilInterrupted(
    () => writeRest(api, { head, done: undefined, write }, context.now()),
    (by) => {
      leaveLine(context);
      throw stopped(by, OUTPUT_STOPPED);
    },
  );
}

async function toFile(
  context: Context,
  api: Api,
  out: string,
  partial: PartialFile,
): Promise<WholeTally> {
  const finished = await wholeFile(context, api, out, partial);
  await writeManifest(api, out, { ...finished, head: partial.head, now: context.now() });
  return finished.tally;
}

async function wholeFile(context: Context, api: Api, out: string, partial: PartialFile) {
  try {
    const tally = await untilInterrupted(
      () => writeRest(api, partial, context.now()),
      (by) => {
        leaveLine(context);
        throw new Stopped(by);
      },
    );
    // The manifest of the file that this one replaces would contradict it.
    await rm(manifestOf(out), { force: true });
    return { tally, written: await partial.complete() };
  } catch (error) {
    const canContinue = await partial.abandon();
    if (error instanceof Stopped) throw stopped(error.by, fileStopped(out, canContinue));
    if (error instanceof Failure) throw canContinue ? continuable(error, out) : error;
    throw error instanceof Error && "syscall" in error ? cutOff(out, error, canContinue) : error;
  }
}

async function resumed(
  context: Context,
  out: string,
  { from, to, format, cluster, person, out: other, overwrite }: AuditExportOptions,
): Promise<void> {
  if ([from, to, format, cluster, person, other].some((option) => option !== undefined))
    throw usage("--resume takes no other option but --overwrite: the interrupted export has them.");
  const found = await partialsOf(out).catch(() => []);
  const [partial] = found;
  if (partial === undefined) throw usage(`There is no interrupted export into ${out}.`);
  if (found.length > 1)
    throw usage(
      `Several exports into ${out} were interrupted: delete all but one of ${found.join(", ")}.`,
    );
  for (const each of [out, manifestOf(out)]) await demandFree(each, overwrite, NOT_DONE);
  const api = await context.api();
  const file = await resumePartial(out, partial).catch((error: unknown) => {
    throw cannotOpen(partial, error);
  });
  report(context, file.head, await toFile(context, api, out, file), out);
}

function report(context: Context, head: ExportHead, tally: WholeTally, out?: string): void {
  const earlier = tally.earlier > 0 ? `, ${tally.earlier} of them from before --from` : "";
  const upTo = visible(tally.to);
  const where = out === undefined ? "" : ` written to ${out}`;
  remark(
    context,
    `${leftOutText(tally)}${counted(tally.events, "event")} of ${counted(tally.requests, "request")}${earlier}${where}; complete from ${head.from} to ${upTo}${ofWhat(head)}.\nNext: continue later with --from ${upTo}\n`,
  );
}

/** The requests that it is about, where it is not all. */
function ofWhat({ person, cluster }: ExportHead): string {
  if (person === undefined && cluster === undefined) return "";
  const whose = person === undefined ? "" : ` of ${visible(person)}`;
  return ` for requests${whose}${cluster === undefined ? "" : ` on ${visible(cluster)}`} only`;
}

const NOT_DONE = "Nothing was exported.";

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: NOT_DONE,
    next: ["Next: see timelatch audit export --help."],
  });

const cannotOpen = (path: string, error: unknown) =>
  new Failure(
    "usage",
    "cannot-write",
    {
      what: `Cannot write ${path}: ${fileErrorWords(error)}.`,
      notDone: NOT_DONE,
      next: ["Next: name a file in a folder that you may write to with --out."],
    },
    { cause: error },
  );

const resumption = (out: string) => `Next: timelatch audit export --resume ${out}`;

/** The output ended before the export did. */
const cutOff = (path: string, error: unknown, canContinue: boolean) =>
  new Failure(
    "unwritten",
    "cut-off",
    {
      what: `Cannot write ${path} to its end: ${fileErrorWords(error)}.`,
      notDone: canContinue
        ? "The export was not completed; nothing stands under its name."
        : "The export was not completed; do not use what was written.",
      next: canContinue
        ? ["Make room where the file is written.", resumption(path)]
        : ["Next: make room, and run it again."],
    },
    { cause: error },
  );

/** The same failure, with how to go on. */
const continuable = (failure: Failure, out: string) =>
  new Failure(
    failure.exit,
    failure.code,
    { ...failure.text, next: [...failure.text.next, resumption(out)] },
    { cause: failure },
  );

/** The terminal's `^C` stands alone on its line. */
function leaveLine(context: Context): void {
  if (context.screen.err.terminal) remark(context, "\n");
}

/** A signal ended the writing of a file. */
class Stopped extends Error {
  readonly by: StopSignal;

  constructor(by: StopSignal) {
    super(`stopped by ${by}`);
    this.by = by;
  }
}

type Stop = Pick<Failure["text"], "notDone" | "next">;

const OUTPUT_STOPPED: Stop = {
  notDone: "It was not completed; do not use what was written.",
  next: ["Next: run it again. With --out <file> it can be continued after an interruption."],
};

const fileStopped = (out: string, canContinue: boolean): Stop =>
  canContinue
    ? {
        notDone: "It was not completed; nothing stands under its name.",
        next: ["Next: continue it where it stopped:", `  timelatch audit export --resume ${out}`],
      }
    : {
        notDone: "It was not completed, and nothing was kept: no page had come.",
        next: ["Next: run it again."],
      };

const stopped = (by: StopSignal, { notDone, next }: Stop) =>
  new Failure(by === "SIGINT" ? "interrupted" : "terminated", "stopped", {
    what: `The export was stopped by ${by === "SIGINT" ? "Ctrl-C" : by}.`,
    notDone,
    next,
  });
