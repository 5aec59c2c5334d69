/** A bundle in sentences. */
import { WHY_TEXTS } from "../../shared/domain/evidence/evidence-record.ts";
import type { OpenPoint } from "../../shared/domain/evidence/report/bundle.ts";
import type { ExplainedCall } from "../../shared/domain/evidence/report/explained-calls.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { BundleDocument } from "../audit/bundle-files.ts";

export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `4 calls: 3 confirmed, 1 missing`; calls that changed nothing have a count of their own. */
export function callsText({ calls }: Pick<BundleDocument, "calls">): string {
  const states = ["confirmed", "unconfirmed", "missing"] as const;
  const parts = states.flatMap((wanted) => {
    const count = calls.filter(({ state }) => state === wanted).length;
    return count === 0 ? [] : [`${count} ${wanted}`];
  });
  const noted = parts.length === 0 ? "" : `: ${parts.join(", ")}`;
  return `${counted(calls.length, "call")} to EKS${noted}`;
}

/** The absence that a bundle shows by its seals, and what it does not. Its faults say where a day may hide more. */
export function absenceText({
  completeTo,
  findings,
}: Pick<BundleDocument, "completeTo" | "findings">): string {
  const more = findings.length === 0 ? "findings" : `findings besides its ${findings.length}`;
  const shown = `No event and no evidence is left out that was sealed up to ${completeTo}.`;
  return `${shown} It does not show what came later, nor whether ${more} were left out: its key covers none. The archive has all that was sealed: compare.\n`;
}

/** The gaps of the bundle, a line each. */
export const openText = (open: readonly OpenPoint[]): string =>
  open.length === 0
    ? "Nothing is missing in it.\n"
    : `Not in it, or not yet:\n${open.map(({ detail }) => `  ${visible(detail)}\n`).join("")}`;

/** Calls that only CloudTrail shows, a line each. */
export const explainedText = (explained: readonly ExplainedCall[] = []): string =>
  explained.length === 0
    ? ""
    : `Without a call on record:\n${explained.map((one) => `  ${visible(explainedLine(one))}\n`).join("")}`;

export const explainedLine = ({
  operation,
  eventTime,
  why,
}: Pick<ExplainedCall, "operation" | "eventTime" | "why">): string =>
  `${operation}, ${eventTime}: explained by ${WHY_TEXTS[why]}`;
