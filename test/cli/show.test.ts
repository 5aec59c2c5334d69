import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LoopbackApi, loopbackApi, problem, type Script } from "./loopback-api.ts";
import { run, runHere } from "./run-timelatch.ts";
import { activated, aLife, answerTo, approved, asked, idOf } from "./sample-requests.ts";

const ID = idOf(1);
const ACTIVE = answerTo(activated(approved(asked())));

describe("timelatch show", () => {
  const { events } = aLife();
  let script: Script;
  let api: LoopbackApi;
  beforeEach(async () => {
    script = ({ path }) => (path.endsWith("/events") ? { body: { events } } : { body: ACTIVE });
    const forbidden = problem(403, "forbidden", "Only auditors may read this.");
    api = await loopbackApi((call, count) =>
      call.path.endsWith("/evidence") ? forbidden : script(call, count),
    );
  });
  afterEach(() => api.close());
  const surroundings = () => ({ env: { TIMELATCH_API: api.address } });
  const timelatch = (args: readonly string[]) => runHere(args, surroundings());

  it("timelatch show shows the request whole and its history in order", async () => {
    const { code, out } = await run(["show", ID], surroundings());
    expect(code).toBe(0);
    for (const fact of ["INC-4711 stuck rollout", ACTIVE.digest, ACTIVE.clusterArn, "Approved by"])
      expect(out).toContain(fact);
    expect(out.indexOf("request")).toBeGreaterThan(0);
    expect(out).toMatch(/2 .*approve +bob +pending → approved +go ahead\n/);
    expect(out).toMatch(/3 .*activate +timelatch +approved → active +CreateAccessEntry ok\n/);
  });

  it("timelatch show shows every page of the history", async () => {
    script = ({ path }) =>
      path.endsWith("/events")
        ? { body: { events: events.slice(0, 1), next: "2" } }
        : path.includes("cursor=2")
          ? { body: { events: events.slice(1) } }
          : { body: ACTIVE };
    const { out } = await timelatch(["show", ID]);
    for (const { seq, type } of events) expect(out).toMatch(new RegExp(`${seq} .*${type}`));
  });

  it("timelatch show prints only the request under --json", async () => {
    expect(JSON.parse((await timelatch(["show", ID, "--json"])).out)).toEqual(ACTIVE);
  });

  it.each(["", "../grants", `${ID}x`, "019"])(
    "timelatch show does not accept %j as an id",
    async (id) => {
      const { code } = await timelatch(["show", id]);
      expect(code).toBe(2);
      expect(api.calls).toHaveLength(0);
    },
  );
});
