import type { SQSEvent } from "aws-lambda";

/** The keys in the messages about facts. Anything else that they say is nobody's. */
export const keysIn = ({ Records }: SQSEvent, name: "schedules" | "tickets"): readonly string[] =>
  Records.flatMap(({ body }) => {
    const said = (JSON.parse(body) ?? {}) as Readonly<Record<string, unknown>>;
    const keys = said[name];
    return Array.isArray(keys) ? keys.filter((each) => typeof each === "string") : [];
  });
