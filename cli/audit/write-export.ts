/** Writes the pages of an export to a file or to standard output. */
import { counted } from "../text/bundle-text.ts";
import type { ExportPage } from "./export-events.ts";
import type { ExportFormat } from "./export-format.ts";
import type { PartialFile } from "./partial-file.ts";

export interface Tally {
  readonly events: number;
  readonly earlier: number;
  readonly requests: number;
  /** Up to when the export is complete. */
  readonly to: string;
  /** How many items of the list were no events in their places; absent for 0. */
  readonly leftOut?: number;
}

declare const TO_ITS_END: unique symbol;

/** The tally of an export that was written to its end. Only `writeExport` makes one. */
export type WholeTally = Tally & { readonly [TO_ITS_END]: true };

/** The parts of an export. */
export interface ExportSource {
  readonly format: ExportFormat;
  readonly pages: AsyncIterable<ExportPage>;
}

/** An export as far as it was written. */
export type ExportSoFar = Pick<PartialFile, "head" | "done" | "write">;

/** Where an export goes; a plain output keeps no notes, and cannot be continued. */
export type ExportTarget = Pick<PartialFile, "write"> & Partial<Pick<PartialFile, "checkpoint">>;

/**
 * Writes what is left of an export.
 *
 * @param done what was written before, so that the whole is the same as without an interruption
 */
export async function writeExport(
  { pages, format: { head, event: textOf, between, tail } }: ExportSource,
  target: ExportTarget,
  done: Tally | undefined,
): Promise<WholeTally> {
  let tally = done ?? { events: 0, earlier: 0, requests: 0, to: "" };
  if (!done) await target.write(head);
  for await (const { events, earlier, requests, to, leftOut: more = 0, ...place } of pages) {
    const leftOut = (tally.leftOut ?? 0) + more;
    const texts = events.map((one, at) => `${tally.events + at > 0 ? between : ""}${textOf(one)}`);
    await target.write(texts.join(""));
    tally = {
      events: tally.events + events.length,
      earlier: tally.earlier + earlier,
      requests: tally.requests + requests.length,
      to,
      ...(leftOut > 0 ? { leftOut } : {}),
    };
    await target.checkpoint?.({ ...tally, requests, ...place });
  }
  await target.write(tail(tally.to));
  return tally as WholeTally;
}

/** Says of a tally that the list has items of others. */
export const leftOutText = ({ leftOut = 0 }: Tally): string =>
  leftOut === 0
    ? ""
    : `${counted(leftOut, "item")} left out: no event in its place, and put there by another hand. Tell whoever runs Timelatch.\n`;
