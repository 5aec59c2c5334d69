import { jsonBody } from "../json-body.ts";
import { AwsError } from "../service.ts";
import type { Answer } from "../wire.ts";
import { type Behaviour, PAST_AT, USUAL_MOST_SCHEDULES } from "./behaviour.ts";

/**
 * The sandbox's own path for how well Scheduler keeps time. `GET` answers the behaviour. `PUT`
 * changes the members that its body has, and calls `changed`.
 */
export function behaviourControl(
  behaviour: Behaviour,
  changed: () => void,
): (method: string, body: Buffer) => Answer {
  return (method, body) => {
    if (method === "GET") return json(200, behaviour);
    if (method !== "PUT")
      return json(405, { message: `The scheduler's behaviour takes GET and PUT, not ${method}.` });
    try {
      Object.assign(behaviour, parseChange(jsonBody(body)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return json(400, { message: error.message });
    }
    changed();
    return json(200, behaviour);
  };
}

type Check = (value: unknown) => boolean;
const numberUpTo =
  (most: number): Check =>
  (value) =>
    typeof value === "number" && value >= 0 && value <= most;

/** Each member, what it takes, and how to say so. */
const MEMBERS: Readonly<Record<keyof Behaviour, readonly [takes: Check, text: string]>> = {
  jitterSeconds: [numberUpTo(3600), "a number of seconds from 0 to 3600"],
  duplicateProbability: [numberUpTo(1), "a number from 0 to 1"],
  lossProbability: [numberUpTo(1), "a number from 0 to 1"],
  mostSchedules: [numberUpTo(USUAL_MOST_SCHEDULES), "a number from 0 to 10000000"],
  pastAt: [(value) => PAST_AT.some((mode) => mode === value), `one of ${PAST_AT.join(", ")}`],
};

function parseChange(body: Record<string, unknown>): Partial<Behaviour> {
  for (const [name, value] of Object.entries(body)) {
    const known = Object.hasOwn(MEMBERS, name) ? MEMBERS[name as keyof Behaviour] : undefined;
    if (!known)
      throw invalid(
        `The behaviour has no member ${name}; it has ${Object.keys(MEMBERS).join(", ")}.`,
      );
    const [takes, text] = known;
    if (!takes(value)) throw invalid(`${name} is ${text}.`);
  }
  return body;
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", 400, `${message} Nothing was changed.`);
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}
