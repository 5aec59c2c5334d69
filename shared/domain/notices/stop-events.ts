import type { StopRecord } from "../stops/stops.ts";
import type { StepEvent } from "./bus-event.ts";
import { stopSubject } from "./subject.ts";

/** A record of the chain of stops: each is a subject of its own, with this one step. */
export function stopEvents(record: StopRecord): readonly StepEvent[] {
  const { seq, type, actor, at, details, hash } = record;
  const { person, reason, after } = details;
  const stopped = {
    people: Object.keys(after.people).toSorted().slice(0, MOST_PEOPLE),
    count: Object.keys(after.people).length,
    drained: after.drain !== null,
  };
  const id = `${stopSubject(seq)}#${STEP}`;
  // The proof of who acted is left out: it is for auditors only.
  const event = { seq, type, actor, at, details: { person, reason }, hash };
  const detail = { id, event, stopped };
  return [{ subject: stopSubject(seq), seq: STEP, type, at, detail }];
}

const STEP = 1;
/** More people than this are counted. An event of the bus has at most 256 KB. */
const MOST_PEOPLE = 500;
