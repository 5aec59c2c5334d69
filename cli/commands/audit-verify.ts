import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { visible } from "../../shared/domain/values/visible-text.ts";
import {
  type FoundManifest,
  manifestFaults,
  manifestOf,
  readManifest,
} from "../audit/export-manifest.ts";
import { type Faultless, faultless } from "../audit/faultless.ts";
import type { WrittenFile } from "../audit/partial-file.ts";
import {
  type EventFault,
  type LineFault,
  MOST_FAULTS,
  type Verification,
  verifyExport,
} from "../audit/verify-export.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText } from "../failures/file-error.ts";

/**
 * `timelatch audit verify`: verifies an export from nothing but the file. Every event must have its
 * hash and follow the one before it, and none may be missing between two others. `-` reads standard
 * input.
 *
 * @throws Failure `unverified` with each fault by name; also where there is nothing to verify
 */
export async function auditVerify(context: Context, files: readonly string[]): Promise<void> {
  const [file = "-", second] = files;
  if (second !== undefined)
    throw new Failure("usage", "several-exports", {
      what: "Without --key, one export can be verified at a time.",
      notDone: "Nothing was verified.",
      next: ["Next: name one file; or the files of an archive, and its key by --key."],
    });
  const found = await verify(file);
  const { requests, events, faults } = found;
  const whole = faultless(found);
  if (!whole) throw doesNotHold(found);
  if (events === 0)
    throw new Failure("unverified", "audit-file-empty", {
      what: `${file} has no events.`,
      notDone: "Nothing was verified.",
      next: ["Next: check that the export is of the right time, and that it was completed."],
      facts: { requests, events, faults },
    });
  const named = demandNamed(file, found);
  const facts = { requests, events, faults, ...(named ? { manifest: "agrees" } : {}) };
  tell(context, facts, () => [proven(whole), ...(named ? [manifestText(named)] : [])].join(""));
}

/**
 * The manifest beside the file, if the file has one.
 *
 * @throws Failure where the file is not the one that it names
 */
function demandNamed(file: string, { named, ...found }: Read): FoundManifest | undefined {
  if (named === undefined) return undefined;
  const faults = typeof named === "string" ? [named] : manifestFaults(named, found);
  if (faults.length === 0 && typeof named !== "string") return named;
  throw new Failure("unverified", "manifest-disagrees", {
    what: `${file} is not the export that ${manifestOf(file)} names, though its events hold.`,
    notDone: "It was not verified.",
    findings: faults,
    next: [
      "Next: export it again and compare; an event may be missing, or another file stands there.",
    ],
    facts: { faults },
  });
}

const manifestText = (named: FoundManifest): string =>
  `The manifest beside it names this very file, as asked for by ${visible(String(named.askedBy))}. It has no key: whoever writes the file again can write it again too.\n`;

const proven = ({ requests, events }: Faultless<Verification>) =>
  `${count(requests, "request")} with ${count(events, "event")}: each event has the hash of the one before it, and every hash fits.\n` +
  "Whoever writes a file again can make hashes fit. Only a seal or an earlier export shows that, a request that is missing, or an end that was cut off.\n";

function doesNotHold({ requests, events, faults, unread }: Verification): Failure {
  const shown = faults.slice(0, MOST_FAULTS);
  const more = faults.length - shown.length;
  return new Failure("unverified", "audit-verification-failed", {
    what: `Verification FAILED: ${count(faults.length, "fault")} in ${count(events, "event")} of ${count(requests, "request")}.`,
    notDone: "It was not verified.",
    findings: [
      ...shown.map(faultText),
      ...(more > 0 ? [`and ${count(more, "request")} more with missing events.`] : []),
      ...(unread > 0
        ? [`${count(unread, "more line")} ${unread === 1 ? "was" : "were"} not looked at.`]
        : []),
    ],
    next: [
      events === 0
        ? "Next: this is probably not an export; name a file that timelatch audit export wrote as ndjson."
        : "Next: export it again and compare; if the new one fails too, tell whoever runs Timelatch.",
    ],
    facts: { requests, events, faults, unread },
  });
}

function faultText(fault: LineFault | EventFault): string {
  const line = fault.line === undefined ? "" : `line ${fault.line}: `;
  return "fault" in fault
    ? `${line}request ${fault.requestId}: ${fault.fault}: ${fault.detail}`
    : `${line}${fault.detail}`;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

interface Read extends Verification, WrittenFile {
  /** The manifest beside it, or why it cannot be read; undefined where there is no manifest. */
  readonly named: FoundManifest | string | undefined;
}

async function verify(file: string): Promise<Read> {
  const stream: Readable = file === "-" ? process.stdin : createReadStream(file);
  const hash = createHash("sha256");
  let bytes = 0;
  const hashed = async function* () {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  try {
    const found = await verifyExport(hashed());
    const named = await readManifest(file);
    return { ...found, bytes, sha256: hash.digest("hex"), named };
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw cannotRead(file, error);
    throw error;
  }
}

function cannotRead(file: string, error: Error & { readonly code?: unknown }): Failure {
  const isFolder = error.code === "EISDIR";
  return new Failure(
    isFolder ? "unverified" : "usage",
    "cannot-read",
    {
      what: isFolder ? `${file} is a folder, not a file.` : cannotReadText(error, file),
      notDone: "Nothing was verified.",
      next: [
        "Next: name a file that timelatch audit export wrote as ndjson, or - for standard input.",
        ...(isFolder ? ["An archive's folder needs its public key: --key public.pem."] : []),
      ],
    },
    { cause: error },
  );
}
