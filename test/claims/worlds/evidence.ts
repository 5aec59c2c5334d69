/** Bundles, reports and archives, before and after somebody changed what they are made of. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ExportFilter } from "../../../cli/audit/selected-requests.ts";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditExport } from "../../../cli/commands/audit-export.ts";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { reach } from "../../../cli/commands/reach.ts";
import type { EndProof } from "../../../shared/domain/requests/end-proof.ts";
import {
  apiOf,
  confirmed,
  evidenceOf,
  ID,
  type Stored,
  sealedDay,
  wholeLife,
  writeArchive,
} from "../../cli/audit/bundle-world.ts";
import { reportApi, type Story } from "../../cli/audit/report-world.ts";
import { bytesOf, smallArchive } from "../../cli/audit/small-archive.ts";
import { fakeTerminal } from "../../cli/fake-terminal.ts";
import { failureOf, fileIn, inFolder } from "./folder.ts";

const WIDE = { columns: Number.POSITIVE_INFINITY } as const;

/** All days of the archives are over. */
const LATER = "2026-11-28T10:00:00.000Z";

/** Markup as somebody reads it. */
const shownText = (html: string): string =>
  html
    .slice(Math.max(0, html.indexOf("</style>")))
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

/** `timelatch audit verify`. */
async function verify(place: string, options: object): Promise<string> {
  const terminal = fakeTerminal(WIDE);
  const context = { ...terminal.context, now: () => LATER };
  const work = auditVerifyAny(context, [place], options);
  return work.then(
    () => terminal.out(),
    (error: unknown) => failureOf(Promise.reject(error)),
  );
}

/** A verification of a bundle. @param edited the file that somebody edits, and how */
export const verifiedBundle = (
  edited?: readonly [file: string, from: string, to: string],
): Promise<string> =>
  inFolder(async (folder) => {
    const stored: Stored = { ...wholeLife(), evidence: [] };
    const out = path.join(folder, "bundle");
    await auditBundle(fakeTerminal({ api: apiOf(stored) }).context, ID, { out });
    if (edited) {
      const [file, from, to] = edited;
      fileIn(out, file, readFileSync(path.join(out, file), "utf8").replace(from, to));
    }
    return verify(out, {});
  });

/** A bundle under its key. @param kept the days of the archive, from the first on, whose seals are in it */
export const sealedBundle = (...kept: readonly number[]): Promise<string> =>
  inFolder(async (folder) => {
    const stored: Stored = { ...wholeLife(), evidence: [] };
    const first = sealedDay(stored);
    const second = sealedDay({ events: [], evidence: [] }, "2026-11-25", first);
    const third = sealedDay({ events: [], evidence: [] }, "2026-11-26", second);
    const seals = [first, second, third].filter((_, index) => kept.includes(index + 1));
    const out = path.join(folder, "bundle");
    const archive = writeArchive(folder, seals);
    await auditBundle(fakeTerminal({ api: apiOf(stored) }).context, ID, { out, archive });
    return verify(out, { key: path.join(folder, "public.pem") });
  });

/** The page of a bundle, in the part about the access. */
export const bundlePageOf = (proof: EndProof): Promise<string> =>
  inFolder(async (folder) => {
    const stored: Stored = { ...wholeLife({}, "go ahead", proof), evidence: [] };
    const out = path.join(folder, "bundle");
    await auditBundle(fakeTerminal({ api: apiOf(stored) }).context, ID, { out });
    return shownText(readFileSync(path.join(out, "index.html"), "utf8"));
  });

/** A bundle with nothing missing, or one whose call CloudTrail has not shown: the page, and the command's own text. */
export const wholeBundle = (isSeen: boolean): Promise<{ page: string; said: string }> =>
  inFolder(async (folder) => {
    const ids = isSeen ? ["eks-1", "eks-2", "eks-3"] : ["eks-1", "eks-2"];
    const evidence = evidenceOf(ID, [...ids.map(confirmed), { type: "activity", details: READ }]);
    const stored: Stored = { ...wholeLife(), evidence };
    const archive = writeArchive(folder, [sealedDay(stored)]);
    const out = path.join(folder, "bundle");
    const terminal = fakeTerminal({ ...WIDE, api: apiOf(stored) });
    await auditBundle(terminal.context, ID, { out, archive });
    return {
      page: shownText(readFileSync(path.join(out, "index.html"), "utf8")),
      said: terminal.out(),
    };
  });

const READ = {
  state: "read",
  from: "2026-11-24T10:02:00.000Z",
  until: "2026-11-24T10:31:00.000Z",
  query: "fields verb",
  scannedBytes: 1,
  counts: [],
  firstAt: null,
  lastAt: null,
  streams: [],
  leftBehind: [],
  isCut: false,
} as const;

const FROM = "2026-10-01T00:00:00.000Z";
const TO = "2026-11-20T00:00:00.000Z";

/** A report of one request, for a terminal or as the markup of its page, which has labels for who cannot see charts. */
export const reported = (story: Partial<Story>, format?: "html"): Promise<string> =>
  inFolder(async (folder) => {
    const api = reportApi([{ number: 1, at: "2026-10-05T10:00:00.000Z", note: "ok", ...story }]);
    const terminal = fakeTerminal({ ...WIDE, api });
    if (format === undefined) {
      await auditReport(terminal.context, { from: FROM, to: TO });
      return terminal.out();
    }
    const out = path.join(folder, "report.html");
    await auditReport(terminal.context, { from: FROM, to: TO, format, out });
    return readFileSync(out, "utf8");
  });

/** `timelatch audit export` from the middle of a request of alice on. @param isCut whether the API leaves out its first event */
export const exported = (isCut: boolean, filter: ExportFilter = {}): Promise<string> =>
  inFolder(async (folder) => {
    const whole = reportApi([{ number: 1, at: "2026-10-05T10:00:00.000Z" }]);
    const send: typeof whole.send = async <Answer>(call: Parameters<typeof whole.send>[0]) => {
      const found = await whole.send<{ readonly events: readonly object[] }>(call);
      const isOwn = call.path.endsWith("/events") && call.path !== "/v1/audit/events";
      return (isCut && isOwn ? { ...found, events: found.events.slice(1) } : found) as Answer;
    };
    const terminal = fakeTerminal({ ...WIDE, api: { ...whole, send } });
    const out = path.join(folder, "export.ndjson");
    const work = auditExport(terminal.context, {
      ...filter,
      from: "2026-10-05T10:01:30.000Z",
      to: TO,
      out,
    });
    return work.then(
      () => terminal.err(),
      (error: unknown) => failureOf(Promise.reject(error)),
    );
  });

/** Ways in which an archive can be changed. */
export interface ArchiveEdit {
  /** The beginning of a file's name. */
  readonly of: string;
  /** The text of the first such file that this changes; undefined to take the file away. */
  readonly text: (text: string) => string | undefined;
}

/** An archive that somebody may have edited, and its public key, for as long as the work lasts. */
const withArchive = (
  edit: ArchiveEdit | undefined,
  work: (archive: string, key: string) => Promise<string>,
): Promise<string> =>
  inFolder(async (folder) => {
    const { files, publicPem } = await smallArchive();
    let isEdited = edit === undefined;
    for (const [name, text] of files) {
      const next: string | undefined =
        !isEdited && edit && name.startsWith(edit.of) ? edit.text(text) : text;
      isEdited ||= next !== text;
      if (next !== undefined) fileIn(folder, `archive/${name}`, bytesOf(name, next));
    }
    if (!isEdited) throw new Error(`No file ${edit?.of} was changed.`);
    return work(path.join(folder, "archive"), fileIn(folder, "public.pem", publicPem));
  });

/** A verification of an archive by its public key. */
export const verifiedArchive = (edit?: ArchiveEdit, options: object = {}): Promise<string> =>
  withArchive(edit, (archive, key) => verify(archive, { key, ...options }));

/** `timelatch reach --at --archive`, with what it says of the archive. */
export const reachedByArchive = (edit?: ArchiveEdit): Promise<string> =>
  withArchive(edit, (archive, key) => {
    const terminal = fakeTerminal(WIDE);
    const context = { ...terminal.context, now: () => LATER };
    return reach(context, { at: "2026-11-24T10:30Z", archive, key }).then(
      () => terminal.err() + terminal.out(),
      (error: unknown) => failureOf(Promise.reject(error)),
    );
  });

/** A verification of an archive by the public key of another. */
export const verifiedByOtherKey = (): Promise<string> =>
  inFolder(async (folder) => {
    const [{ files }, other] = [await smallArchive(), await smallArchive()];
    for (const [name, text] of files) fileIn(folder, `archive/${name}`, bytesOf(name, text));
    const key = fileIn(folder, "public.pem", other.publicPem);
    return verify(path.join(folder, "archive"), { key });
  });
