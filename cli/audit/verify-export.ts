/** Verifies an export line by line: memory grows with its requests, not with its events. */
import { type ChainFault, chainVerifier } from "../../shared/domain/requests/audit-chain.ts";
import { eventOrder } from "../../shared/domain/requests/event-order.ts";
import { LONGEST_LINE_BYTES, readEventLine } from "./event-line.ts";
import { linesOf } from "./lines.ts";

/** A line that is not an event. */
export interface LineFault {
  /** Counted from 1. */
  readonly line: number;
  readonly detail: string;
}

/**
 * The place where a chain does not hold. Has the line of the faulty event, if that is in the file.
 */
export type EventFault = ChainFault & Partial<Pick<LineFault, "line">>;

export interface Verification {
  readonly requests: number;
  /** Events that were read, sound or not. */
  readonly events: number;
  readonly faults: readonly (LineFault | EventFault)[];
  /** Lines after the last fault that is reported; none of them was verified. */
  readonly unread: number;
}

/** After this many faults, more of them say nothing new. */
export const MOST_FAULTS = 10;

const BYTE_ORDER_MARK = Buffer.from("\ufeff");

export async function verifyExport(chunks: AsyncIterable<Buffer>): Promise<Verification> {
  const verifier = chainVerifier(eventOrder);
  const faults: (LineFault | EventFault)[] = [];
  let events = 0;
  let unread = 0;
  for await (const { number: line, bytes } of linesOf(chunks, LONGEST_LINE_BYTES)) {
    if (faults.length >= MOST_FAULTS) {
      unread += 1;
      continue;
    }
    const text = line === 1 && bytes ? withoutMark(bytes) : bytes;
    if (text?.length === 0) continue;
    const event = text ? readEventLine(text) : "This line is longer than any event.";
    if (typeof event === "string") {
      faults.push({ line, detail: event });
      continue;
    }
    events += 1;
    const fault = verifier.add(event);
    if (fault) faults.push(fault.seq === event.seq ? { line, ...fault } : fault);
  }
  // Nobody can say what is missing from a file that was not read to its end.
  if (unread === 0) faults.push(...verifier.end());
  return { requests: verifier.requests, events, faults, unread };
}

const withoutMark = (bytes: Buffer) =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;
