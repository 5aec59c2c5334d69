/** Items in the table of facts that are no readings: whoever takes `outside` over may put them, and nobody deletes them. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { dynamoFactStore } from "../../../../../shared/aws/dynamodb/facts/dynamo-fact-store.ts";

const PRIMARY = "pagerduty/us/PI7DH85";
const AT = "2026-12-01T02:00:00.000Z";
const shift = { person: "PCAR01", until: "2026-12-01T08:00:00.000Z" };
const reading = { schedule: PRIMARY, lookedAt: AT, answer: { readAt: AT, shifts: [shift] } };

/** A store whose table holds just this item. */
const holding = (item: object) => {
  const Responses = { facts: [{ pk: `SCHEDULE#${PRIMARY}`, sk: "READING", ...item }] };
  const client = { send: async () => ({ Responses }) };
  return dynamoFactStore(client as unknown as DynamoDBDocumentClient, "facts");
};

it.each<[string, object]>([
  ["nothing", {}],
  ["a text", { reading: "boo" }],
  ["one of another schedule", { reading: { ...reading, schedule: "incidentIo/X" } }],
  ["shifts that are no list", { reading: { ...reading, answer: { readAt: AT, shifts: "all" } } }],
  ["an instant that is none", { reading: { ...reading, answer: { readAt: "x", shifts: [] } } }],
  [
    "an override that is a long text",
    {
      reading: {
        ...reading,
        answer: { readAt: AT, shifts: [{ ...shift, byOverride: "x".repeat(300_000) }] },
      },
    },
  ],
])("An item that holds %s as its reading is as one that was never read", async (_, item) => {
  expect([...(await holding(item).schedules([PRIMARY]))]).toEqual([]);
});

it("A reading as outside stores it is read", async () => {
  expect((await holding({ reading }).schedules([PRIMARY])).get(PRIMARY)).toEqual(reading);
});

const PAY_1 = "jira/example.atlassian.net/PAY-1";
const ticket = { key: "PAY-1", status: "open", title: "A title", assignees: ["5b10a1"] };
const ofTicket = { ticket: PAY_1, lookedAt: AT, answer: { readAt: AT, is: ticket } };
const holdingTicket = (read: unknown) => holding({ pk: `TICKET#${PAY_1}`, reading: read });

it.each<[string, unknown]>([
  ["of another ticket", { ...ofTicket, ticket: "jira/x/PAY-1" }],
  [
    "with a status of its own",
    { ...ofTicket, answer: { readAt: AT, is: { ...ticket, status: "x" } } },
  ],
  [
    "with a long person",
    { ...ofTicket, answer: { readAt: AT, is: { ...ticket, assignees: ["x".repeat(129)] } } },
  ],
  [
    "with a long title",
    { ...ofTicket, answer: { readAt: AT, is: { ...ticket, title: "x".repeat(201) } } },
  ],
  ["with an answer of no form", { ...ofTicket, answer: { readAt: AT } }],
])("A ticket's reading %s is as one that was never read", async (_, read) => {
  expect([...(await holdingTicket(read).tickets([PAY_1]))]).toEqual([]);
});

it("A ticket's reading as outside stores it is read", async () => {
  expect((await holdingTicket(ofTicket).tickets([PAY_1])).get(PAY_1)).toEqual(ofTicket);
});
