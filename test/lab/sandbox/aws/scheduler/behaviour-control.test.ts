import { describe, expect, it } from "vitest";
import { usualBehaviour } from "../../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { behaviourControl } from "../../../../../lab/sandbox/aws/scheduler/behaviour-control.ts";

function control() {
  const behaviour = usualBehaviour();
  let changes = 0;
  const serve = behaviourControl(behaviour, () => {
    changes += 1;
  });
  return {
    behaviour,
    changes: () => changes,
    ask(method: string, body: unknown = "") {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const answer = serve(method, Buffer.from(text));
      return { status: answer.status, body: JSON.parse(String(answer.body)) };
    },
  };
}

describe("how well Scheduler keeps time", () => {
  it("GET answers the scheduler's behaviour", () => {
    const { ask } = control();
    expect(ask("GET")).toEqual({ status: 200, body: usualBehaviour() });
  });

  it("PUT changes the behaviour member by member, and wakes the engine", () => {
    const { ask, behaviour, changes } = control();
    const expected = { ...usualBehaviour(), jitterSeconds: 5, lossProbability: 0.5 };
    expect(ask("PUT", { jitterSeconds: 5, lossProbability: 0.5 })).toEqual({
      status: 200,
      body: expected,
    });
    expect(behaviour).toEqual(expected);
    expect(ask("PUT", { duplicateProbability: 1, pastAt: "reject" }).body).toEqual({
      ...expected,
      duplicateProbability: 1,
      pastAt: "reject",
    });
    expect(changes()).toBe(2);
  });

  it.each([
    [{ jitter: 1 }, "no member jitter"],
    [{ toString: 1 }, "no member toString"],
    [{ jitterSeconds: -1 }, "jitterSeconds is a number of seconds from 0 to 3600"],
    [{ jitterSeconds: "1" }, "jitterSeconds is"],
    [{ duplicateProbability: 1.1 }, "duplicateProbability is a number from 0 to 1"],
    [{ lossProbability: null }, "lossProbability is"],
    [{ mostSchedules: -1 }, "mostSchedules is a number from 0 to 10000000"],
    [{ pastAt: "never" }, "accept-never-fire, accept-fire-now, reject"],
  ])("A PUT of %j is refused, and changes nothing", (change, said) => {
    const { ask, behaviour, changes } = control();
    const answer = ask("PUT", { lossProbability: 1, ...change });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(said);
    expect(answer.body.message).toContain("Nothing was changed.");
    expect(behaviour).toEqual(usualBehaviour());
    expect(changes()).toBe(0);
  });

  it("The behaviour's path takes GET, PUT and JSON only", () => {
    expect(control().ask("DELETE").status).toBe(405);
    expect(control().ask("PUT", "{").status).toBe(400);
  });
});
