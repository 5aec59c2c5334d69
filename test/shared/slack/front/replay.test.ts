/** Signed messages that come again, come changed, or hold secrets. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SECRET, saidIn, slackBroker } from "./slack-front-fixture.ts";

describe("A replay", () => {
  it("A replayed return ends no second grant", async () => {
    const slack = slackBroker();
    const one = await slack.activeGrant();
    const call = slack.sign("commands", slack.commandBody("alice", "return"));
    await slack.bodyOf(call);
    expect((await slack.reload(one)).state).toBe("ending");
    const two = await slack.otherActiveGrant();
    expect(saidIn((await slack.bodyOf(call)).body)).toContain("already done");
    expect((await slack.reload(two)).state).toBe("active");
  });

  it("A replayed command asks only once, and answers the same", async () => {
    const slack = slackBroker();
    const call = slack.sign(
      "commands",
      slack.commandBody("alice", "staging view cluster 1h INC-4711 stuck rollout"),
    );
    const first = await slack.bodyOf(call);
    expect(await slack.bodyOf(call)).toEqual(first);
    expect(slack.requests()).toHaveLength(1);
  });

  it("A replayed approval changes nothing and says nothing", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const call = slack.sign(
      "interactivity",
      slack.form(slack.clickPayload("bob", "approve", asked)),
    );
    await slack.bodyOf(call);
    const approved = await slack.reload(asked);
    expect((await slack.bodyOf(call)).statusCode).toBe(200);
    expect(await slack.reload(asked)).toEqual(approved);
  });

  it("After five minutes a replay is not even read", async () => {
    const slack = slackBroker();
    const call = slack.sign("commands", slack.commandBody("alice", "list"));
    slack.clock.advance(301);
    expect((await slack.bodyOf(call)).statusCode).toBe(401);
  });
});

/** Values that break readers, in place of any value of a payload. */
const STRANGE = [
  null,
  "",
  "\u0000",
  "\ud800",
  "x".repeat(5_000),
  "__proto__",
  "constructor",
  "U0002",
  "T0999",
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [[[[]]]],
  { __proto__: null, id: "U0002" },
  { id: ["U0002"] },
  "approve",
  "view_submission",
] as const;

/** Every place in a document, as a path. */
const placesIn = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === "object" && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))]
    : [path];

type Mutable = Record<string, unknown>;
function mutated(document: object, path: readonly string[], change: unknown, how: number): unknown {
  if (path.length === 0) return change;
  const copy = structuredClone(document) as Mutable;
  const last = path.at(-1) ?? "";
  let at: Mutable = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Mutable;
  if (how === 0) delete at[last];
  else if (how === 1) at[`${last}_`] = change;
  else at[last] = change;
  return copy;
}

describe("Mutated payloads", () => {
  it("No mutated payload is answered with a failure, decides as somebody else, or acts twice", {
    timeout: 600_000,
  }, async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const seeds = [
      slack.clickPayload("mallory", "approve", asked),
      slack.clickPayload("alice", "approve", asked),
      slack.submission(
        "alice",
        "deny",
        { note: "no" },
        {
          private_metadata: JSON.stringify({ id: asked.id, digest: asked.digest }),
        },
      ),
      slack.submission(
        "alice",
        "less",
        { duration: "30m" },
        {
          private_metadata: JSON.stringify({ id: asked.id, digest: asked.digest }),
        },
      ),
      slack.submission("mallory", "request", {
        cluster: "prod",
        access: "n/AmazonEKSEditPolicy",
        namespaces: "payments-api",
        duration: "1h",
        reason: "INC-4711 stuck rollout",
      }),
      {
        type: "shortcut",
        ...slack.from("mallory"),
        callback_id: "request_access",
        trigger_id: "t",
      },
    ];
    const mutation = fc.record({
      seed: fc.nat({ max: seeds.length - 1 }),
      place: fc.nat({ max: 400 }),
      change: fc.oneof(fc.constantFrom(...STRANGE), fc.string(), fc.jsonValue()),
      how: fc.nat({ max: 3 }),
      route: fc.oneof(
        { arbitrary: fc.constant("interactivity"), weight: 9 },
        { arbitrary: fc.constantFrom("options", "commands", "events"), weight: 1 },
      ),
    });
    const answers = { 200: 0, 400: 0 };
    await fc.assert(
      fc.asyncProperty(mutation, async ({ seed, place, change, how, route }) => {
        const document = seeds[seed] ?? {};
        const places = placesIn(document);
        const changed = mutated(document, places[place % places.length] ?? [], change, how);
        // Bob may decide. A payload that names him is his: Slack signed it.
        if (saidIn(changed).includes("U0002")) return;
        const call = slack.sign(route, slack.form(changed as never));
        const { statusCode } = await slack.send(call);
        if (statusCode !== 200 && statusCode !== 400) throw new Error(`It answered ${statusCode}.`);
        answers[statusCode] += 1;
        const { state, approvals, version } = await slack.reload(asked);
        expect({ state, approvals }).toEqual({ state: "pending", approvals: [] });
        // Calls other than the request itself are recorded attempts, and there are not many of
        // those.
        expect(version).toBeLessThanOrEqual(21);
        expect(slack.requests()).toHaveLength(1);
      }),
      { numRuns: 10_000, seed: 4_711 },
    );
    // Enough of them are read as payloads, or the others would prove little.
    expect(answers[200]).toBeGreaterThan(1_000);
    expect(answers[400]).toBeGreaterThan(1_000);
  });

  it("No mutated command or event is answered with a failure", async () => {
    const slack = slackBroker();
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc
        .array(
          fc.constantFrom(
            "prod",
            "staging",
            "edit",
            "cluster",
            "1h",
            "payments-api",
            "-1h",
            "*",
            ",",
            "<!here>",
            "999999h",
          ),
        )
        .map((words) => words.join(" ")),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom("commands", "events"), async (words, route) => {
        const body = route === "events" ? words : slack.commandBody("bob", words);
        const { statusCode } = await slack.send(slack.sign(route, body));
        expect([200, 400]).toContain(statusCode);
      }),
      { numRuns: 2_000, seed: 4_711 },
    );
  });
});

describe("The contents of the log", () => {
  it("No log line has the signing secret, a response URL or what somebody wrote", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    slack.breakSlack(new Error("https://hooks.slack.com/canary-response xoxb-canary-token"));
    await slack.click("alice", "approve", asked);
    await slack.click("mallory", "approve", asked);
    await slack.command("alice", "");
    await slack.command("alice", "prod edit payments-api 1h canary-reason-text");
    await slack.bodyOf({ ...slack.sign("commands", "x"), headers: {} });
    await slack.bodyOf(slack.sign("commands", "text=canary-reason-text"));
    expect(slack.slackLogs.length).toBeGreaterThan(4);
    for (const canary of [SECRET, "canary", "hooks.slack.com", "xoxb", "trigger-"])
      expect(saidIn(slack.slackLogs)).not.toContain(canary);
  });
});
