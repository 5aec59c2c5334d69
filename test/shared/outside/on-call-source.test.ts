import { describe, expect, it } from "vitest";
import { NOW, secretOf, sourceOf } from "./answering.ts";

const pagerduty = (schedule: string) => ({ service: "pagerduty", schedule, region: "us" }) as const;

describe("the services that say who is on call", () => {
  it("A service that asked for patience has it, for all of its schedules, and others are asked", async () => {
    const busy = { status: 429, headers: { "ratelimit-reset": "30" }, body: {} };
    const { asked, source } = sourceOf({ "/v3/schedules/P1": busy });
    const unknown = { unknown: "busy", detail: "busy" };
    expect(await source.look(pagerduty("P1"), NOW)).toEqual(unknown);
    expect(await source.look(pagerduty("P2"), "2026-05-01T17:30:29Z")).toEqual(unknown);
    expect(asked).toHaveLength(1);
    await source.look({ service: "incidentIo", schedule: "01G0" }, NOW);
    await source.look(pagerduty("P2"), "2026-05-01T17:30:31Z");
    expect(asked).toHaveLength(3);
  });

  it.each([402, 403])("Status %d says that the token may not read the schedule", async (status) => {
    const { source } = sourceOf({ "/v3/schedules/P1": { status, body: {} } });
    expect(await source.look(pagerduty("P1"), NOW)).toEqual({
      unknown: "denied",
      detail: "forbidden",
    });
  });

  it.each([
    ["a page", { body: "<html>Sign in</html>" }],
    ["half of it", { body: '{"schedule":{"id":"P1","final_schedule":{"computed_shift' }],
    ["a redirect", { status: 302, body: "" }],
    ["a list", { body: [] }],
  ])("Who is on call is unclear where the answer is %s", async (_, answer) => {
    const { source } = sourceOf({ "/v3/schedules/P1": answer });
    expect(await source.look(pagerduty("P1"), NOW)).toMatchObject({ unknown: "unclear" });
  });

  it("An id of a schedule stays one part of the path", async () => {
    const { asked, source } = sourceOf({}, secretOf("x"));
    await source.look(pagerduty("../users?x=#"), NOW);
    expect(asked[0]?.url.pathname).toBe("/v3/schedules/..%2Fusers%3Fx%3D%23");
  });

  it("An object that is called like a member of all objects is none of the answer", async () => {
    const body =
      '{"schedule":{"id":"P1","final_schedule":{"__proto__":{"computed_shift_assignments":[]}}}}';
    const { source } = sourceOf({ "/v3/schedules/P1": { body } });
    expect(await source.look(pagerduty("P1"), NOW)).toMatchObject({ unknown: "unclear" });
  });
});
