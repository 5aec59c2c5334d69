/** A scoped app of PagerDuty: the product gets tokens for its secret, and the emulated service gives and refuses them. */
import { describe, expect, it } from "vitest";
import { GITHUB, userPlaces, usersOf } from "../../../../cli/people/service-lists.ts";
import type { OnCallSchedule } from "../../../../shared/domain/facts/on-call-schedule.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { onCallSource } from "../../../../shared/outside/on-call-source.ts";
import { secretOf } from "../../../shared/outside/answering.ts";
import { NOW, startOutside } from "./outside-fixture.ts";

const APP = { client_id: "app", client_secret: "secret-of-the-app", subdomain: "acme" };
const STORED = JSON.stringify(APP);
const DAY = 86_400;
const schedule = (region: "us" | "eu" = "us"): OnCallSchedule => ({
  ...{ service: "pagerduty", schedule: "PI7DH85", region },
});
const CAROL = { shifts: [{ person: "PCAROL1", until: "2026-11-30T09:00:00.000Z" }] };

/** The emulated PagerDuty with that app, and one source that asks it by a clock of its own. */
async function withApp(...tokens: readonly string[]) {
  const clocks = { ours: NOW, theirs: NOW };
  const theirs = {
    get now() {
      return clocks.theirs;
    },
  };
  const { url, sandbox } = await startOutside({ pagerduty: STORED }, theirs);
  const secret = secretOf(...(tokens.length > 0 ? tokens : [STORED]));
  const source = onCallSource({
    ...{ token: () => secret, clock: { now: () => clocks.ours }, origin: `${url}/` },
    timeoutMs: 5_000,
  });
  const look = (of = schedule()) => source.look(of, clocks.ours);
  const calls = async () =>
    ((await sandbox("GET", "calls")).body as readonly { path: string; status: number }[]).map(
      ({ path, status }) => `${path} ${status}`,
    );
  return { url, sandbox, look, calls, clocks };
}

const TOKEN = "/oauth/token 200";
const SCHEDULE = "/v3/schedules/PI7DH85 200";
const DENIED = { unknown: "denied", detail: "token-refused" };

describe("A scoped app of PagerDuty", () => {
  it("It gets one token for its secret, and keeps it until shortly before its end", async () => {
    const { look, calls, clocks } = await withApp();
    expect(await look()).toEqual(CAROL);
    clocks.ours = clocks.theirs = plusSeconds(NOW, DAY - 120);
    expect(await look()).toEqual(CAROL);
    expect(await calls()).toEqual([TOKEN, SCHEDULE, SCHEDULE]);
    clocks.ours = clocks.theirs = plusSeconds(NOW, DAY - 30);
    expect(await look()).toEqual(CAROL);
    expect((await calls()).slice(3)).toEqual([TOKEN, SCHEDULE]);
  });

  it("Looks at the same time get one token between them", async () => {
    const { look, calls } = await withApp();
    await Promise.all([look(), look(), look()]);
    expect((await calls()).filter((call) => call === TOKEN)).toHaveLength(1);
  });

  it("A token whose time is over for the service gives way to a new one at once", async () => {
    const { look, calls, clocks } = await withApp();
    expect(await look()).toEqual(CAROL);
    // Our clock is behind, as far as both clocks may be apart.
    clocks.theirs = plusSeconds(NOW, DAY + 60);
    clocks.ours = plusSeconds(NOW, DAY - 120);
    expect(await look()).toEqual(CAROL);
    expect((await calls()).slice(2)).toEqual(["/v3/schedules/PI7DH85 401", TOKEN, SCHEDULE]);
  });

  it("An app that was revoked is denied, is asked for once a minute, and its secret is read again at once", async () => {
    const other = JSON.stringify({ ...APP, client_secret: "an-older-one" });
    const refused = await withApp(other);
    expect(await refused.look()).toEqual(DENIED);
    expect(await refused.look()).toEqual(DENIED);
    expect(await refused.calls()).toEqual(["/oauth/token 401"]);
    refused.clocks.ours = refused.clocks.theirs = plusSeconds(NOW, 60);
    expect(await refused.look()).toEqual(DENIED);
    expect(await refused.calls()).toEqual(["/oauth/token 401", "/oauth/token 401"]);
    const replaced = await withApp(other, STORED);
    expect(await replaced.look()).toEqual(CAROL);
    expect(await replaced.calls()).toEqual(["/oauth/token 401", TOKEN, SCHEDULE]);
  });

  it("The token of an account in the EU is asked for under that region", async () => {
    const { look } = await withApp();
    expect(await look(schedule("eu"))).toEqual(CAROL);
    const elsewhere = await withApp(JSON.stringify({ ...APP, subdomain: "elsewhere" }));
    expect(await elsewhere.look(schedule("eu"))).toEqual(DENIED);
  });

  it("A key still stands as it is, and JSON that names no app is no token", async () => {
    const { look } = await withApp("u+ABCDEFGHIJKLMNOPQR");
    expect(await look()).toEqual(DENIED);
    for (const text of ["{", "{}", JSON.stringify({ ...APP, subdomain: "acme.evil.example/" })]) {
      const odd = await withApp(text);
      expect(await odd.look()).toEqual({ unknown: "denied", detail: "token-unreadable" });
      expect(await odd.calls()).toEqual([]);
    }
  });

  it.each([
    ["rate-limit", { seconds: 30 }, "busy"],
    ["outage", {}, "failing"],
    ["half", {}, "odd"],
    ["huge", {}, "too-large"],
    ["redirect", {}, "redirected"],
    ["clock", { seconds: 600 }, "clock-apart"],
    ["drop", {}, "unreachable"],
  ])("Where the token comes with the fault %s, nothing is known", async (kind, more, detail) => {
    const { sandbox, look } = await withApp();
    await sandbox("POST", "faults", { kind, service: "pagerduty", count: 1, ...more });
    expect(await look()).toMatchObject({ detail });
  });

  it("A right that the app lacks is not given, and what comes without it is not used", async () => {
    const { url } = await withApp();
    const body = new URLSearchParams({
      ...{ grant_type: "client_credentials", client_id: "app", client_secret: APP.client_secret },
      scope: "as_account-us.acme users.read incidents.write",
    });
    const response = await fetch(`${url}/identity.pagerduty.com/oauth/token`, {
      ...{ method: "POST", body },
    });
    const given = (await response.json()) as { access_token: string; scope: string };
    expect(given).toMatchObject({ scope: "as_account-us.acme users.read", expires_in: DAY });
    const read = (path: string) =>
      fetch(`${url}/api.pagerduty.com/${path}`, {
        headers: {
          authorization: `Bearer ${given.access_token}`,
          accept: "application/vnd.pagerduty+json;version=2",
        },
      });
    expect((await read("users")).status).toBe(200);
    expect((await read("v3/schedules/PI7DH85")).status).toBe(403);
  });

  it("The list of people is read by an app too", async () => {
    const { url } = await withApp();
    const [place = GITHUB] = userPlaces({ schedules: { primary: schedule() } });
    const env = { TIMELATCH_PAGERDUTY_TOKEN: STORED, TIMELATCH_OUTSIDE_ORIGIN: `${url}/` };
    if (!("read" in place)) throw new Error("PagerDuty has no list.");
    const users = await usersOf(place, { env, now: () => NOW, fetch });
    expect(users.map(({ id }) => id)).toEqual(["PCAROL1", "PDAVE01"]);
  });
});
