import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { NOW, startOutside, TOKENS } from "./outside-fixture.ts";

const CLOUD = "11223344-a1b2-3b33-c444-def123456789";
const SCHEDULES = {
  pagerduty: { service: "pagerduty", schedule: "PI7DH85", region: "us" },
  incidentIo: { service: "incidentIo", schedule: "01HZX3Q7K5M8N2P4R6S9T0V1W2" },
  jiraOperations: { service: "jiraOperations", cloudId: CLOUD, schedule: "22" },
} as const;
type Name = keyof typeof SCHEDULES;
const NAMES = Object.keys(SCHEDULES) as readonly Name[];

/** The body that sets the shifts of a service's schedule. */
const shiftsOf = (name: Name, shifts?: unknown, kind?: string) => ({
  service: name,
  schedule: SCHEDULES[name].schedule,
  ...(name === "jiraOperations" ? { cloudId: CLOUD } : {}),
  ...(kind ? { kind } : {}),
  ...(shifts === undefined ? {} : { shifts }),
});

const HOUR = { person: "PALICE1", seconds: 3_600 };
const ALICE = { shifts: [{ person: "PALICE1", until: "2026-11-24T13:00:00.000Z" }] };

async function withShifts(name: Name, shifts: unknown, kind?: string) {
  const outside = await startOutside();
  expect(await outside.sandbox("POST", "on-call", shiftsOf(name, shifts, kind))).toMatchObject({
    status: 200,
  });
  return outside;
}

describe.each(NAMES)("the emulated %s, asked by the product", (name) => {
  const schedule = SCHEDULES[name];

  it("Whoever a shift was set for is on call until its end", async () => {
    const { look } = await withShifts(name, [HOUR]);
    expect(await look(schedule)).toEqual(ALICE);
  });

  it("Nobody is on call in a gap, before a shift and after one", async () => {
    const { look } = await withShifts(name, [
      { person: "PALICE1", start: "2026-11-24T08:00:00Z", end: NOW },
      { person: null, start: NOW, seconds: 60 },
      { person: "PALICE1", start: "2026-11-24T13:00:00Z" },
    ]);
    expect(await look(schedule)).toEqual({ shifts: [] });
  });

  it("An override takes the place of whoever has its time", async () => {
    const { look } = await withShifts(name, [
      { person: "PALICE1", start: "2026-11-24T08:00:00Z", end: "2026-11-24T16:00:00Z" },
      { person: "PBOB001", seconds: 3_600, override: true },
    ]);
    const told = name === "incidentIo" ? {} : { byOverride: true };
    expect(await look(schedule)).toEqual({
      shifts: [{ person: "PBOB001", until: "2026-11-24T13:00:00.000Z", ...told }],
    });
  });

  it("A schedule without shifts is gone, as one that nobody made", async () => {
    const { look, sandbox } = await withShifts(name, [HOUR]);
    await sandbox("POST", "on-call", shiftsOf(name));
    expect(await look(schedule)).toEqual({ unknown: "gone", detail: "gone" });
  });

  it("Another token than the stored one is denied", async () => {
    const { look } = await withShifts(name, [HOUR]);
    expect(await look(schedule, { [name]: `${TOKENS[name]}x` })).toEqual({
      unknown: "denied",
      detail: "token-refused",
    });
  });

  it.each([
    ["slow", { milliseconds: 900 }, "unreachable", "too-slow"],
    ["rate-limit", { seconds: 30 }, "busy", "busy"],
    ["token", {}, "denied", "token-refused"],
    ["forbidden", {}, "denied", "forbidden"],
    ["outage", {}, "failing", "failing"],
    ["half", {}, "unclear", "odd"],
    ["huge", {}, "unclear", "too-large"],
    ["redirect", {}, "unclear", "redirected"],
    ["gone", {}, "gone", "gone"],
    ["clock", { seconds: 600 }, "unclear", "clock-apart"],
    ["drop", {}, "unreachable", "unreachable"],
  ])("The fault %s is unknown, and what follows it is not", async (kind, more, unknown, detail) => {
    const { look, sandbox } = await withShifts(name, [HOUR]);
    await sandbox("POST", "faults", { kind, service: name, count: 1, ...more });
    const timeoutMs = kind === "slow" ? 300 : undefined;
    expect(await look(schedule, TOKENS, timeoutMs)).toEqual({ unknown, detail });
    expect(await look(schedule)).toEqual(ALICE);
  });
});

describe("the emulated services", () => {
  it("A fault that lasts some seconds strikes until then, and is not listed afterwards", async () => {
    const clock = { now: NOW };
    const { look, sandbox } = await startOutside(TOKENS, clock);
    await sandbox("POST", "faults", { kind: "outage", lasts: 8 });
    clock.now = plusSeconds(NOW, 7);
    expect(await look(SCHEDULES.pagerduty)).toMatchObject({ unknown: "failing" });
    clock.now = plusSeconds(NOW, 8);
    expect((await sandbox("GET", "faults")).body).toEqual({ faults: [] });
    expect(await look(SCHEDULES.pagerduty)).toMatchObject({ shifts: [{ person: "PCAROL1" }] });
    const refused = await sandbox("POST", "faults", { kind: "outage", lasts: 0 });
    expect(JSON.stringify(refused)).toContain("lasts is a whole number");
  });

  it("Carol has this week by the sample's schedule, and what follows may go on", async () => {
    const { look } = await startOutside();
    expect(await look(SCHEDULES.pagerduty)).toEqual({
      shifts: [{ person: "PCAROL1", until: "2026-11-30T09:00:00.000Z" }],
    });
  });

  it("A schedule of layers is asked the old way, and says who is there by an override", async () => {
    const shifts = [
      { person: "PALICE1", start: "2026-11-24T08:00:00Z", end: "2027-03-01T08:00:00Z" },
      { ...HOUR, person: "PBOB001", override: true },
    ];
    const { look, sandbox } = await withShifts("pagerduty", shifts, "layers");
    expect(await look(SCHEDULES.pagerduty)).toEqual({
      shifts: [{ person: "PBOB001", until: "2026-11-24T13:00:00.000Z", byOverride: true }],
    });
    expect((await sandbox("GET", "calls")).body).toMatchObject([
      { path: "/v3/schedules/PI7DH85", status: 400 },
      { path: "/schedules/PI7DH85", status: 200 },
    ]);
  });

  it.each([
    ["POST", "api.pagerduty.com/schedules/PI7DH85"],
    ["GET", "api.pagerduty.com/oncalls"],
    ["GET", "api.incident.io/v2/schedules"],
    ["GET", "api.incident.io/v2/schedules/01X?page_size=1"],
    ["GET", `api.atlassian.com/jsm/ops/api/${CLOUD}/v1/schedules/22/on-calls?flat=false`],
    ["GET", "api.opsgenie.com/v2/schedules"],
  ])("What is not emulated is refused by name: %s %s", async (method, path) => {
    const { url, sandbox } = await withShifts("jiraOperations", [HOUR]);
    await sandbox("POST", "on-call", shiftsOf("incidentIo", [HOUR]));
    const basic = Buffer.from(TOKENS.jiraOperations).toString("base64");
    const authorization = path.includes("pagerduty")
      ? `Token token=${TOKENS.pagerduty}`
      : path.includes("incident")
        ? `Bearer ${TOKENS.incidentIo}`
        : `Basic ${basic}`;
    const response = await fetch(`${url}/${path}`, { method, headers: { authorization } });
    expect(response.status).toBe(501);
    expect(await response.json()).toEqual({ message: expect.stringContaining("sandbox") });
  });

  it("A web page of elsewhere is refused", async () => {
    const { url } = await startOutside();
    const headers = { origin: "https://elsewhere.example" };
    expect((await fetch(`${url}/_sandbox/on-call`, { headers })).status).toBe(403);
  });

  it.each([
    ["on-call", { schedule: "PX" }, 200],
    ["on-call", { schedule: "PX", shifts: {} }, 400],
    ["on-call", { schedule: "PX", shifts: [{ who: "x" }] }, 400],
    ["on-call", { schedule: "PX", shifts: [{ person: "a b" }] }, 400],
    ["on-call", { schedule: "PX", shifts: [{ person: "P1", start: "2026-11-24T08:00" }] }, 400],
    ["on-call", { service: "opsgenie", schedule: "PX" }, 400],
    ["on-call", { service: "jiraOperations", schedule: "PX" }, 400],
    ["faults", { kind: "fire" }, 400],
    ["faults", { kind: "slow" }, 400],
    ["faults", { kind: "gone", seconds: 1 }, 400],
    ["faults", { kind: "gone", count: 0 }, 400],
    ["nothing", {}, 404],
  ])("/_sandbox/%s takes %j with %d", async (path, body, status) => {
    const { sandbox } = await startOutside();
    expect((await sandbox("POST", path, body)).status).toBe(status);
  });

  it("Shifts and faults are shown and taken back", async () => {
    const { sandbox, look } = await withShifts("pagerduty", [HOUR]);
    await sandbox("POST", "faults", { kind: "outage" });
    expect((await sandbox("GET", "faults")).body).toEqual({ faults: [{ kind: "outage" }] });
    expect((await sandbox("DELETE", "faults")).body).toEqual({ faults: [] });
    expect((await sandbox("GET", "on-call")).body).toMatchObject({
      schedules: [{ schedule: "PI7DH85", shifts: [{ person: "PALICE1" }] }],
    });
    await sandbox("DELETE", "on-call");
    expect(await look(SCHEDULES.pagerduty)).toMatchObject({ shifts: [{ person: "PCAROL1" }] });
  });
});
