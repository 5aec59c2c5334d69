/** Alarms and messages of a smoke test, against an emulated AWS and Slack. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;
beforeEach(async () => {
  world = await smokeWorld();
  asAdmin(world);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

const PACE = { pollMs: 20, actionSeconds: 1, silenceSeconds: 1 };

const play = (part: string) =>
  runSmoke(world, { smoke: ["staging"], only: [part] }, { pace: PACE });

describe("The part alarms", () => {
  it("Sees that each alarm carries out its action, and says that this is not its metric", async () => {
    const { document, failure } = await play("alarms");
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      {
        fact: "alarm-action",
        verdict: "holds",
        says: expect.stringMatching(
          /^all \d+ alarms .* this proves the action, and not the metric$/,
        ),
        numbers: { alarms: world.alarms.length },
      },
    ]);
    expect(failure).toBeUndefined();
  });

  it("Finds an alarm without an action, and one whose topic is gone", async () => {
    const [first, second] = world.alarms;
    if (!first || !second) throw new Error("There are no alarms.");
    Object.assign(first, { alarmActions: [] });
    Object.assign(second, { alarmActions: ["arn:aws:sns:us-west-2:999988887777:gone"] });
    const { document, failure } = await play("alarms");
    const of = world.alarms.length;
    expect(document.facts).toMatchObject([
      {
        verdict: "contradicted",
        says: `1 of ${of} alarms in 111122223333, us-west-2 have no action, so they reach nobody: ${first.name}`,
      },
      {
        verdict: "contradicted",
        says: `1 of ${of - 1} alarms in 111122223333, us-west-2 fired, and CloudWatch carried out no action in 1 s: ${second.name}`,
      },
    ]);
    expect(failure?.exit).toBe("unwell");
  });
});

describe("The part missing-data", () => {
  it("Sees an alarm like SweepSilent fire without data, and removes it", async () => {
    const { document, failure } = await play("missing-data");
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      {
        verdict: "holds",
        says: expect.stringMatching(/fired after [\d.]+ s; it is to after 3 min$/),
      },
    ]);
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("Finds an alarm that takes missing data for health", async () => {
    const silent = world.alarms.find(({ name }) => name.includes("SweepSilent"));
    if (!silent) throw new Error("There is no SweepSilent.");
    const settings = { ...silent.settings, TreatMissingData: "notBreaching", Period: 60 };
    Object.assign(silent, { settings: { ...settings, EvaluationPeriods: 1 } });
    // It waits for a period and more.
    const within = { ...PACE, silenceSeconds: -58 };
    const { document } = await runSmoke(
      world,
      { smoke: ["staging"], only: ["missing-data"] },
      { pace: within },
    );
    expect(document.facts).toMatchObject([{ fact: "missing-data", verdict: "contradicted" }]);
    expect(document.left).toEqual([]);
  });
});

describe("The part messages", () => {
  it("Writes into each channel of the policy, and deletes it again", async () => {
    const { document } = await play("messages");
    expect(document.failed).toEqual([]);
    expect(document.facts.length).toBeGreaterThan(1);
    for (const { verdict, says } of document.facts)
      expect([verdict, says]).toEqual([
        ...["holds", expect.stringMatching(/^Slack took a message in C\d+, and deleted it again$/)],
      ]);
    expect(world.state.slack.state.messages).toEqual([]);
  });

  it("Writes one e-mail to SES's simulator where the policy names a sender, and finds what SES refuses", async () => {
    const file = path.join(world.folder, "access.yaml");
    const notices = "notices: { email: { from: access@example.com, configurationSet: timelatch } }";
    writeFileSync(file, `${readFileSync(file, "utf8")}\n${notices}\n`);
    const ses = async () => (await play("messages")).document.facts.at(-1);
    expect(await ses()).toMatchObject({
      verdict: "holds",
      says: "SES took an e-mail of access@example.com",
    });
    const { messages } = world.state.ses.state;
    expect(messages).toMatchObject([{ to: ["success@simulator.amazonses.com"] }]);
    world.state.ses.change((state) => Object.assign(state, { configurationSets: {} }));
    expect(await ses()).toMatchObject({
      verdict: "contradicted",
      says: "SES refuses an e-mail of access@example.com: NotFoundException",
    });
    expect(world.state.ses.state.messages).toHaveLength(1);
  });

  it("Writes the e-mail also where Slack gives no answer", async () => {
    const file = path.join(world.folder, "access.yaml");
    const notices = "notices: { email: { from: access@example.com, configurationSet: timelatch } }";
    writeFileSync(file, `${readFileSync(file, "utf8")}\n${notices}\n`);
    const silent = { ...world, slackApi: "http://127.0.0.1:9" };
    const { document } = await runSmoke(
      silent,
      { smoke: ["staging"], only: ["messages"] },
      { pace: PACE },
    );
    expect(document.facts).toMatchObject([
      { verdict: "unsettled", says: "Slack gave no answer: TypeError" },
      { verdict: "holds", says: "SES took an e-mail of access@example.com" },
    ]);
  });

  it("Finds what Slack refuses, and never shows the token", async () => {
    const parameters = world.home.ssm.state.parameters;
    const [[name, token] = []] = Object.entries(parameters).filter(([key]) =>
      key.endsWith("bot-token"),
    );
    if (!name || !token) throw new Error("There is no token.");
    world.home.ssm.change(({ parameters: all }) => {
      all[name] = { ...token, value: "xoxb-planted" };
    });
    const file = path.join(world.folder, "access.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("C0001", "C0999"));
    const { document, err } = await play("messages");
    expect(document.facts[0]).toMatchObject({
      verdict: "contradicted",
      says: expect.stringMatching(/^Slack refuses a message in C0999: channel_not_found$/),
    });
    expect(JSON.stringify(document) + err).not.toContain("planted");
  });
});
