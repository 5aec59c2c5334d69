/** A flood of requests, and what it must not delay. It goes on until somebody else's access has ended. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { callsIn } from "../../shared/domain/requests/audit-event.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";
import { alice, ask, asked, bob, expectRefused, of, pending, person } from "./misused-api.ts";

/** An answer to one call of the flood, and how long it took. */
interface Flooded {
  readonly answer: ApiAnswer;
  readonly began: number;
  readonly millis: number;
}

const timed = async (call: () => Promise<ApiAnswer>): Promise<Flooded> => {
  const began = Date.now();
  const answer = await call();
  return { answer, began, millis: Date.now() - began };
};

/** As many calls as go out together. */
const WAVE = 8;
/** Between two waves, so that the logs stay small. */
const PAUSE_MS = 100;

const wave = (): Promise<readonly Flooded[]> =>
  Promise.all(
    Array.from({ length: WAVE }, (_, n) =>
      timed(() => {
        if (n % 2 === 0) return asked({}, "mallory");
        return n === 1
          ? person("mallory").post("/v1/asks", { requests: [ask(), ask({ cluster: "staging" })] })
          : person("mallory").post(of(pending, "/extend"), {});
      }),
    ),
  );

/** Begins a flood by mallory. @returns what sends a last wave, and gives every answer */
function flood(): () => Promise<readonly Flooded[]> {
  let isOver = false;
  const waves = async () => {
    const answers: Flooded[] = [];
    while (!isOver) {
      answers.push(...(await wave()));
      await pause(PAUSE_MS);
    }
    return [...answers, ...(await wave())];
  };
  const answered = waves();
  answered.catch(() => undefined);
  return () => {
    isOver = true;
    return answered;
  };
}

/** When the call that removed a grant's access at its end was made, in milliseconds since 1970. */
async function removedAt(grant: { readonly id: string }): Promise<number> {
  const { events } = (await person("dave").get(of(grant, "/events"))).body;
  const expiry = events.find(({ type }: { readonly type: string }) => type === "expire");
  const [call] = callsIn(expiry);
  return Date.parse(call?.at ?? "");
}

export function misuseByFlooding(): void {
  describe("A flood of requests", () => {
    it("A flood of requests is limited for its sender and delays nobody's end of access", async () => {
      const grant = await bob().approve(
        await alice().ask({ duration: "30s", access: editIn("payments-flood") }),
      );
      await alice().until(grant, ["active"]);
      const stop = flood();
      const ended = await alice().until(grant, ["ended"], 120).finally(stop);
      const flooded = await stop();
      expect(ended.outcome).toMatchObject({ code: "expired" });
      // The flood was there before the end and after it.
      const began = flooded.map((each) => each.began);
      expect(Math.min(...began)).toBeLessThan(Date.parse(ended.revokeAt ?? ""));
      expect(Math.max(...began)).toBeGreaterThan(Date.parse(ended.endedAt ?? ""));
      // Access is gone by the end that was shown. A machine that stood still kept the flood waiting
      // for that time.
      const slowest = Math.max(...flooded.map(({ millis }) => millis));
      expect(await removedAt(grant)).toBeLessThanOrEqual(
        Date.parse(ended.expiresAt ?? "") + slowest,
      );
      const limited = flooded.filter(({ answer }) => answer.status === 429);
      expect(limited.length).toBeGreaterThan(0);
      for (const { answer } of limited.slice(0, 1)) {
        await expectRefused(answer, "rate-limited", "mallory");
        const after = Number(answer.headers.get("retry-after"));
        expect(after).toBeGreaterThan(0);
        expect(after).toBeLessThanOrEqual(60);
        expect(answer.body.retryAfterSeconds).toBe(after);
      }
      expect((await alice().post("/v1/requests/preview", ask())).status).toBe(200);
      await expectRefused(await alice().post(of(grant, "/return"), {}), "illegal-transition");
    });

    it("A flood of requests does not keep others from listing and getting access", async () => {
      const access = await alice().get("/v1/access");
      expect(access.body.rules.map(({ rule }: { rule: string }) => rule)).toContain(
        "payments-edit",
      );
      const preview = await alice().post("/v1/requests/preview", ask());
      expect(preview.body).toMatchObject({
        allowed: true,
        rule: "payments-edit",
        requirements: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
      });
      const grants = await Promise.all(
        [1, 2].map((n) => alice().ask({ access: editIn(`payments-${n}`), duration: "1m" })),
      );
      for (const grant of grants) await bob().approve(grant);
      const [first, second] = grants;
      if (!first || !second) throw new Error("Nothing was asked for.");
      await alice().until(first, ["active"]);
      expect((await alice().post(of(first, "/return"), {})).status).toBe(200);
      expect((await bob().post(of(second, "/revoke"), {})).status).toBe(200);
      expect(
        (await person("dave").get("/v1/audit/events?from=2026-01-01&to=2100-01-01")).status,
      ).toBe(200);
      expect((await person("dave").get(of(first, "/evidence"))).status).toBe(200);
      expect((await person("dave").get("/v1/policy")).status).toBe(200);
      await expectRefused(await alice().get(of(first, "/evidence")), "forbidden", "alice");
      expect((await alice().get("/v1/whoami")).body).toMatchObject({
        person: "alice",
        groups: ["payments"],
        roles: [],
        identityArn: expect.stringContaining("assumed-role/timelatch-person-alice/"),
      });
      expect((await alice().get("/v1/openapi.json")).body.openapi).toMatch(/^3\.1/);
      expect((await alice().get("/v1/requests")).status).toBe(200);
      expect((await alice().get("/v1/grants")).status).toBe(200);
    });
  });
}
