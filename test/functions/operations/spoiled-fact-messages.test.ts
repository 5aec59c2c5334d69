/** Messages about facts that no function of ours sends: whoever may send to a queue of facts can. */
import type { SQSEvent } from "aws-lambda";
import { expect, it } from "vitest";
import { keysIn } from "../../../functions/operations/fact-keys.ts";

const eventOf = (body: string) => ({ Records: [{ body }] }) as unknown as SQSEvent;

it.each(["", "boo", "{", "null", "5", '"tickets"', '{"tickets":5}'])(
  "A message that says %j holds up none that follow in its group",
  (body) => {
    expect(keysIn(eventOf(body), "tickets")).toEqual([]);
  },
);
