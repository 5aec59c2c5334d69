import { describe, expect, it } from "vitest";
import { serviceNowTicket } from "../../../../shared/outside/tickets/service-now.ts";
import { type Answer, clientOf, NOW, whyUnknown } from "../answering.ts";

const ALICE = "46d44a23a9fe19810012d100cca80666";
const BOB = "5137153cc611227c000bbd1bd8cd2005";
const INCIDENTS = "/api/now/table/incident";
const CHANGES = "/api/now/table/change_request";

const incident = (state: string, more: object = {}) => ({
  number: "INC0010001",
  state,
  active: state === "7" || state === "8" ? "false" : "true",
  short_description: "Payments time out",
  assigned_to: ALICE,
  opened_by: BOB,
  sys_created_on: "2026-04-30 08:00:00",
  ...more,
});
const change = (state: string, more: object = {}) => ({
  ...incident(state),
  number: "CHG0000096",
  approval: "approved",
  start_date: "2026-05-01 17:00:00",
  end_date: "2026-05-01 18:00:00",
  ...more,
});
const rows = (...result: readonly object[]): Answer => ({ body: { result } });
const look = (answer: Answer, key = "INC0010001") => {
  const { client } = clientOf({ [INCIDENTS]: answer, [CHANGES]: answer });
  return serviceNowTicket(client, key, Date.parse(NOW));
};
const statusOf = async (row: { readonly number: string }) => {
  const told = await look(rows(row), row.number);
  return "ticket" in told ? told.ticket.status : told;
};

describe("an incident of ServiceNow", () => {
  it("An incident is asked for by its number, with values as the database has them", async () => {
    const { asked, client } = clientOf({ [INCIDENTS]: rows(incident("1")) });
    const told = await serviceNowTicket(client, "INC0010001", Date.parse(NOW));
    expect(told).toEqual({
      ticket: {
        key: "INC0010001",
        status: "open",
        title: "Payments time out",
        assignees: [ALICE],
        reporter: BOB,
        createdAt: "2026-04-30T08:00:00.000Z",
      },
    });
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toMatchObject({
      sysparm_query: "number=INC0010001",
      sysparm_display_value: "false",
      sysparm_exclude_reference_link: "true",
    });
  });

  it.each([
    ["1", "open"],
    ["2", "in-progress"],
    ["3", "in-progress"],
    ["6", "neither"],
    ["7", "done"],
    ["8", "done"],
    ["-42", "neither"],
  ])("State %s is %s", async (state, status) => {
    expect(await statusOf(incident(state))).toBe(status);
  });

  it("State and activity must say the same, or the incident opens nothing and ends nothing", async () => {
    expect(await statusOf(incident("1", { active: "false" }))).toBe("neither");
    expect(await statusOf(incident("7", { active: "true" }))).toBe("neither");
  });

  it("A row with another number is of a query that ServiceNow did not understand", async () => {
    const other = incident("1", { number: "INC0000001" });
    expect(await whyUnknown(look(rows(other)))).toBe("odd");
    expect(await whyUnknown(look(rows(incident("1"), other)))).toBe("odd");
  });

  it("No row is an incident that is missing or hidden", async () => {
    expect(await look(rows())).toEqual({ missing: "not-found" });
  });

  it("An incident of nobody has no assignee; with a hidden field nothing is known", async () => {
    expect(await look(rows(incident("1", { assigned_to: "" })))).toMatchObject({
      ticket: { assignees: [] },
    });
    for (const assigned_to of [undefined, { link: "x", value: ALICE }, "Alice Jones"])
      expect(await whyUnknown(look(rows(incident("1", { assigned_to }))))).toBe("odd");
  });

  it.each(["INC0010001^ORactive=true", "INC=1", "inc0010001", "PRB0000001", "INC1\n", ""])(
    "A text that is no number is not asked for: %j",
    async (key) => {
      const { asked, client } = clientOf({});
      expect(await serviceNowTicket(client, key, 0)).toEqual({ missing: "not-found" });
      expect(asked).toEqual([]);
    },
  );
});

describe("a change of ServiceNow", () => {
  it("A change may be done while it is to be implemented, is approved, and in its window", async () => {
    expect(await statusOf(change("-1"))).toBe("in-progress");
    expect(await statusOf(change("-1", { approval: "requested" }))).toBe("neither");
    expect(await statusOf(change("-1", { end_date: "2026-05-01 17:30:00" }))).toBe("neither");
    expect(await statusOf(change("-1", { start_date: "2026-05-01 17:30:01" }))).toBe("neither");
  });

  it.each([
    ["-5", "neither"],
    ["-4", "neither"],
    ["-3", "neither"],
    ["-2", "neither"],
    ["0", "neither"],
    ["3", "done"],
    ["4", "done"],
  ])("State %s is %s", async (state, status) => {
    expect(await statusOf(change(state))).toBe(status);
  });

  it("A window in the caller's own format is not understood", async () => {
    const local = change("-1", { start_date: "01.05.2026 17:00:00" });
    expect(await whyUnknown(look(rows(local), "CHG0000096"))).toBe("odd");
  });
});
