/**
 * The manifest beside an export: what was asked for, by whom, and which file was made. It has no key, so
 * whoever writes the file again can write it again too.
 */
import path from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";
import { isObject, isText, readObjectLine } from "./event-line.ts";
import type { ExportHead } from "./export-journal.ts";
import { LARGEST_NOTE, wholeOf } from "./outside-file.ts";
import type { WrittenFile } from "./partial-file.ts";
import type { Tally } from "./write-export.ts";
import { writeFile } from "./write-file.ts";

export interface ExportManifest extends WrittenFile {
  readonly schema: 1;
  /** The name of the export, without its folder. */
  readonly file: string;
  readonly parameters: Omit<ExportHead, "journal" | "askedBy" | "askedAt">;
  /** Up to when the export is complete. */
  readonly completeTo: string;
  /** Audit events. A file in OCSF has more lines, since it has calls and findings too. */
  readonly events: number;
  /** How many of these events are from before `from`. */
  readonly earlier: number;
  readonly requests: number;
  /** The person for whom the API took the caller. */
  readonly askedBy: string;
  readonly askedAt: string;
  /** The address of the API. */
  readonly api: string;
  /** The release of `timelatch` that wrote it. */
  readonly version: string;
}

/** A manifest as it is read: anybody may have written it. */
export type FoundManifest = { readonly [Name in keyof ExportManifest]?: unknown };

const SUFFIX = ".manifest.json";

export const manifestOf = (file: string): string => `${file}${SUFFIX}`;

export const isManifest = (file: string): boolean => file.endsWith(SUFFIX);

type Asked = Pick<ExportManifest, "askedBy" | "askedAt">;

/** The person for whom the API takes the caller. @param now ISO 8601 UTC */
export const askedBy = async (api: Api, now: string): Promise<Asked> => ({
  askedBy: (await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" })).person,
  askedAt: now,
});

interface Finished {
  readonly head: ExportHead;
  readonly tally: Tally;
  readonly written: WrittenFile;
  readonly now: string;
}

/** @throws Failure `manifest-unwritten`: the export is whole all the same */
export async function writeManifest(
  api: Api,
  out: string,
  { head, tally: { to, events, earlier, requests }, written, now }: Finished,
): Promise<void> {
  const { journal: _, askedBy: by, askedAt: at, ...parameters } = head;
  // The journal of an earlier release does not say who asked.
  const asked = by && at ? { askedBy: by, askedAt: at } : await askedBy(api, now);
  const made: ExportManifest = {
    schema: 1,
    file: path.basename(out),
    ...written,
    parameters,
    completeTo: to,
    events,
    earlier,
    requests,
    ...asked,
    api: api.address,
    version: manifest.version,
  };
  try {
    await writeFile(manifestOf(out), [`${visibleJson(made, 2)}\n`]);
  } catch (error) {
    throw unwritten(out, error);
  }
}

const unwritten = (out: string, error: unknown) =>
  new Failure(
    "unwritten",
    "manifest-unwritten",
    {
      what: `Cannot write ${manifestOf(out)}: ${fileErrorWords(error)}.`,
      notDone: `The manifest was not completed; the export in ${out} is whole.`,
      next: ["Next: make room, and export it again with --overwrite."],
    },
    { cause: error },
  );

/**
 * @param file an export; `-` is standard input, which has no manifest
 * @returns undefined for an export without a manifest; a sentence for a file that is not a manifest
 * @throws Error of the file system
 */
export async function readManifest(file: string): Promise<FoundManifest | string | undefined> {
  if (file === "-") return undefined;
  const text = manifestBytes(manifestOf(file));
  if (text === undefined) return undefined;
  const value = readObjectLine(text);
  if (typeof value === "string") return value;
  const { schema, sha256, askedBy, parameters } = value;
  return schema === 1 && isText(sha256) && isText(askedBy) && isObject(parameters)
    ? value
    : "It is not a manifest that this timelatch knows.";
}

function manifestBytes(file: string): Buffer | undefined {
  try {
    return wholeOf(file, LARGEST_NOTE);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The differences between an export and its manifest, a sentence each. */
export function manifestFaults(
  named: FoundManifest,
  found: WrittenFile & Pick<ExportManifest, "events" | "requests">,
): readonly string[] {
  return (["sha256", "bytes", "events", "requests"] as const).flatMap((name) =>
    named[name] === found[name]
      ? []
      : [`${name} is ${found[name]}, and the manifest says ${visibleJson(named[name] ?? null)}.`],
  );
}
