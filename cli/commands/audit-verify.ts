import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { parseAuditFile } from "../audit/audit-file.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";

/**
 * `timelatch audit verify`: proves from the file alone that no event in it was edited, left out
 * between others, doubled or moved. `-` reads standard input.
 *
 * @throws Failure `unverified` with each fault by name; also where there is nothing to verify
 */
export async function auditVerify(context: Context, file: string): Promise<void> {
  const { events, faults: lines } = parseAuditFile(await read(file));
  const chains = verifyChains(events);
  const requests = new Set(events.map(({ requestId }) => requestId)).size;
  const faults = [...lines, ...chains];
  if (faults.length > 0)
    throw new Failure("unverified", "audit-verification-failed", {
      happened: `The file does not hold: ${count(faults.length, "fault")} in ${count(events.length, "event")} of ${count(requests, "request")}.`,
      undone: "It was not verified.",
      findings: [
        ...lines.map(({ line, detail }) => `line ${line}: ${detail}`),
        ...chains.map(
          ({ requestId, fault, detail }) => `request ${requestId}: ${fault}: ${detail}`,
        ),
      ],
      next: [
        "Next: export it again and compare; if the new one fails too, tell who runs Timelatch.",
      ],
      facts: { requests, events: events.length, faults },
    });
  if (events.length === 0)
    throw new Failure("unverified", "audit-file-empty", {
      happened: `${file} holds no events.`,
      undone: "Nothing was verified.",
      next: ["Next: see that the export is of the right time, and came to its end."],
      facts: { requests, events: 0, faults },
    });
  tell(
    context,
    { requests, events: events.length, faults },
    () =>
      `${count(requests, "request")} with ${count(events.length, "event")} hold: nothing in them was edited, left out, doubled or moved.\n` +
      "A whole request that is missing, or a cut-off end, does not show in a file alone.\n",
  );
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

async function read(file: string): Promise<string> {
  try {
    return file === "-" ? await textOf(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    throw new Failure(
      "usage",
      "cannot-read",
      {
        happened: `Cannot read ${file}: ${error instanceof Error ? error.message : error}.`,
        undone: "Nothing was verified.",
        next: [
          "Next: name a file that timelatch audit export wrote as ndjson, or - for standard input.",
        ],
      },
      { cause: error },
    );
  }
}
