import type { AuditReport } from "../../shared/domain/evidence/report/audit-report.ts";
import { drawSample, type SampleTerms } from "../../shared/domain/evidence/report/sample.ts";
import type { TrailEvent } from "../../shared/domain/evidence/trail/trail-event.ts";
import { visible, visibleJson } from "../../shared/domain/values/visible-text.ts";
import { demandFree } from "../audit/demand-free.ts";
import { fetchReport } from "../audit/fetch-report.ts";
import { reportCsv } from "../audit/report-csv.ts";
import { reportPage } from "../audit/report-page.ts";
import { type TrailFiles, trailEvents, UnusableTrail } from "../audit/trail-files.ts";
import { writeFile } from "../audit/write-file.ts";
import { writeToOutput } from "../audit/write-whole.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText, fileErrorWords } from "../failures/file-error.ts";
import { pastMoment } from "../prompts/moment-option.ts";
import { progressLine } from "../terminal/progress.ts";
import type { Stream } from "../terminal/screen.ts";
import { counted } from "../text/bundle-text.ts";
import { reportText } from "../text/report-text.ts";

/** The forms of a report, each in pieces. `text` is for the terminal, or for a file of this width. */
const FORMATS = {
  text: (report, out) => [reportText(report, out)],
  json: (report) => reportJson(report),
  csv: (report) => reportCsv(report),
  html: (report) => [reportPage(report)],
} as const satisfies Readonly<
  Record<string, (report: AuditReport, out: Pick<Stream, "columns" | "paint">) => Iterable<string>>
>;

export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];
type ReportFormat = keyof typeof FORMATS;

export interface AuditReportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format?: ReportFormat;
  readonly out?: string;
  /** Replaces the file that `out` names. */
  readonly overwrite?: true;
  /** How many requests to draw besides break-glass, and the text that decides which. */
  readonly sample?: string;
  readonly seed?: string;
  /** Files of CloudTrail's own, to compare with in place of what reached Timelatch. */
  readonly cloudtrail?: readonly string[];
}

const FILE_WIDTH: Pick<Stream, "columns" | "paint"> = {
  columns: 100,
  paint: (_style, text) => text,
};

/**
 * `timelatch audit report`: population and completeness of a period. The file appears under its name
 * when it is whole.
 */
export async function auditReport(context: Context, options: AuditReportOptions): Promise<void> {
  const { from, to, format, out, sample } = checked(context, options);
  if (out !== undefined) await demandFree(out, options.overwrite, "Nothing was written.");
  const trail = options.cloudtrail && (await trailOf(options.cloudtrail, { from, to }));
  const read = await fetched(context, { from, to, ...(trail ? { trail: trail.events } : {}) });
  const report = {
    ...read,
    ...(trail ? { unreadable: [...(read.unreadable ?? []), ...trail.unreadable] } : {}),
    ...(sample ? { sample: drawSample(read.rows, sample) } : {}),
  };
  const width = out === undefined ? context.screen.out : FILE_WIDTH;
  const texts = FORMATS[format](report, width);
  try {
    if (out !== undefined) await writeFile(out, texts);
    else for (const text of texts) await write(context, format, text);
  } catch (error) {
    throw cannotWrite(out ?? "standard output", error);
  }
  if (out !== undefined)
    remark(
      context,
      `${counted(report.summary.requests, "request")} from ${from} to ${report.to}, written to ${out}.\n`,
    );
}

/** Text is for a terminal; the other formats may be long, and are whole or an error. */
const write = async ({ screen }: Context, format: ReportFormat, text: string): Promise<void> =>
  format === "text" ? screen.out.write(text) : await writeToOutput(text);

async function fetched(
  context: Context,
  wanted: { readonly from: string; readonly to: string; readonly trail?: readonly TrailEvent[] },
): Promise<AuditReport> {
  const api = await context.api();
  const line = progressLine(context);
  try {
    return await fetchReport(api, { ...wanted, now: context.now() }, ({ events, records }) =>
      line.show(`Read ${counted(events, "event")}, ${counted(records, "record")} of evidence …`),
    );
  } finally {
    line.end();
  }
}

async function trailOf(
  places: readonly string[],
  period: { readonly from: string; readonly to: string },
): Promise<TrailFiles> {
  try {
    return await trailEvents(places, period);
  } catch (error) {
    if (error instanceof UnusableTrail) throw unreadable(error.message);
    if (error instanceof Error && "code" in error) throw unreadable(cannotReadText(error));
    throw error;
  }
}

const unreadable = (what: string) =>
  new Failure("usage", "trail-unreadable", {
    what,
    notDone: "Nothing was written.",
    next: [
      "Next: timelatch docs guide-auditor says how to get the files, or leave --cloudtrail out.",
    ],
  });

function checked(context: Context, options: AuditReportOptions) {
  const { from, to, format, out } = options;
  if (context.json && format !== undefined && format !== "json")
    throw usage("--json and --format exclude each other.");
  if (from === undefined) throw usage("--from is missing: the first moment of the report.");
  const period = {
    from: pastMoment("--from", from, context.now(), usage),
    to: to === undefined ? context.now() : pastMoment("--to", to, context.now(), usage),
  };
  if (period.from >= period.to) throw usage("--from has to be earlier than --to.");
  const sample = sampleOf(options);
  return { ...period, format: format ?? (context.json ? "json" : "text"), out, sample } as const;
}

function sampleOf({ sample, seed }: AuditReportOptions): SampleTerms | undefined {
  if (sample === undefined && seed === undefined) return undefined;
  if (sample === undefined || seed === undefined)
    throw usage(
      "--sample and --seed go together: how many requests, and a text that decides which.",
    );
  if (!/^[1-9]\d{0,6}$/.test(sample))
    throw usage(`--sample "${sample}" is not a whole number from 1.`);
  if (seed.trim() === "" || visible(seed) !== seed)
    throw usage("--seed is empty, or has characters that nobody sees.");
  return { size: Number(sample), seed };
}

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was written.",
    next: ["Next: see timelatch audit report --help."],
  });

const cannotWrite = (out: string, error: unknown) =>
  new Failure(
    "unwritten",
    "report-unwritten",
    {
      what: `Cannot write ${out}: ${fileErrorWords(error)}.`,
      notDone: "The report was not completed; nothing stands under its name.",
      next: [
        "Next: name a file with --out in a folder that you may write to, on a disk with room.",
      ],
    },
    { cause: error },
  );

/** The report as one JSON document, a request a line. */
function* reportJson({ rows, ...rest }: AuditReport): Generator<string> {
  yield `${visibleJson({ schema: 1, ...rest }).slice(0, -1)},"rows":[`;
  for (const [at, row] of rows.entries()) yield `${at > 0 ? "," : ""}\n${visibleJson(row)}`;
  yield "\n]}\n";
}
