import type { SQSEvent } from "aws-lambda";

type Name = "schedules" | "tickets";

/** The keys in the messages about facts. Anything else that they say is nobody's. */
export const keysIn = ({ Records }: SQSEvent, name: Name): readonly string[] =>
  Records.flatMap(({ body }) => keysOf(parsed(body), name));

/** The keys in one of them. */
export function keysOf(message: unknown, name: Name): readonly string[] {
  const keys = (message as Readonly<Record<string, unknown>> | null)?.[name];
  return Array.isArray(keys) ? keys.filter((each) => typeof each === "string") : [];
}

/** A message that failed would hold up all others of its group, and anybody who may send can send any text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
