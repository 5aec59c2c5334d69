/** The table of changes: the words of each, and its way back. `traces.test.ts` has the reads that prove them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Change, ChangeName, Sent } from "../../../cli/changes/change.ts";
import { CHANGES } from "../../../cli/changes/changes.ts";
import { ROUTES } from "../../../shared/http/contract/routes.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { ACTIVE, PENDING, SAMPLES, SENT_APPROVAL } from "../sample-changes.ts";
import { idOf } from "../sample-requests.ts";
import { EVERYONE } from "../sample-stops.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ID = idOf(1);
const NAMES = Object.keys(CHANGES) as readonly ChangeName[];

const person = (name: string, more: Partial<WhoAmIAnswer> = {}): WhoAmIAnswer => ({
  person: name,
  groups: [],
  roles: [],
  identityArn: "x",
  ...more,
});
const LEAD = person("bob", { groups: ["payments-leads"] });

const rowOf = (name: ChangeName) => CHANGES[name] as unknown as Change<ChangeName, unknown>;
const sentOf = (name: ChangeName) => SAMPLES[name].sent as Sent;
const commandsOf = (name: ChangeName, answer: unknown, who = LEAD) =>
  rowOf(name).undo(answer, sentOf(name), who).commands;

describe("the table of changes", () => {
  it("Each operation of the API that changes something has a row", () => {
    const operations = ROUTES.filter(({ method }) => method !== "GET")
      .map(({ operation }) => operation as string)
      .filter((operation) => operation !== "previewRequest")
      .flatMap((operation) => (operation === "decideRequest" ? ["approve", "deny"] : operation));
    expect(NAMES.toSorted()).toEqual(operations.toSorted());
  });

  it("Each command that sends a change sends it so that it can be stopped", () => {
    const changing = globSync("cli/**/*.ts", { cwd: ROOT }).filter((file) =>
      /method: "(?:POST|DELETE)"/.test(readFileSync(path.join(ROOT, file), "utf8")),
    );
    const others = changing.filter(
      (file) => !/\bsendChange\(/.test(readFileSync(path.join(ROOT, file), "utf8")),
    );
    // The call that both ways of deciding send, dry runs, a call of Slack, and those whose page or agent hears each
    // answer by itself.
    expect(others.toSorted()).toEqual([
      "cli/commands/decision.ts",
      "cli/commands/preview.ts",
      "cli/console/consent.ts",
      "cli/console/routes.ts",
      "cli/doctor/smoke/parts/messages.ts",
      "cli/mcp/asking-tools.ts",
    ]);
    expect(changing.length).toBeGreaterThan(10);
  });

  it.each<[ChangeName, readonly string[]]>([
    ["createRequest", [`timelatch cancel ${ID}`]],
    ["extendGrant", [`timelatch cancel ${idOf(2)}`]],
    ["escalateRequest", [`timelatch cancel ${ID}`]],
    ["approve", [`timelatch revoke ${ID}`]],
    ["deny", ["timelatch request"]],
    ["cancelRequest", ["timelatch request"]],
    ["returnGrant", ["timelatch request"]],
    ["revokeGrant", ["timelatch request"]],
    ["closeReview", []],
    ["createDelegation", [`timelatch delegations end ${idOf(7)}`]],
    ["endDelegation", ["timelatch delegate --to erin --until 2026-11-26T10:00:00.000Z"]],
    ["suspendPerson", ["timelatch suspend alice --lift"]],
    ["liftSuspension", ["timelatch suspend alice --reason <text>"]],
    ["drain", ["timelatch drain --lift"]],
    ["liftDrain", ["timelatch drain --reason <text>"]],
    ["acknowledgeFinding", []],
  ])("The command that undoes a change is named for each: %s", (name, commands) => {
    expect(commandsOf(name, SAMPLES[name].answer)).toEqual(commands);
  });

  it("The words of each change match the catalogue", async () => {
    const texts = NAMES.map((name) => {
      const [row, sent, { answer }] = [rowOf(name), sentOf(name), SAMPLES[name]];
      const undo = (known: unknown) => {
        const { said, commands } = row.undo(known, sent, LEAD);
        return [said, ...commands].join(" | ");
      };
      return [
        `# ${name}`,
        `${row.what(sent)} was sent.`,
        row.happened(answer, sent),
        `Known: ${undo(answer)}`,
        `Not known: ${undo(undefined)}`,
        `See: ${row.see(sent)}`,
        "",
      ].join("\n");
    });
    await expect(texts.join("\n")).toMatchFileSnapshot("changes.txt");
  });
});

describe("the way back from an approval", () => {
  const undo = (answer: object | undefined, who: WhoAmIAnswer | undefined) =>
    CHANGES.approve.undo(answer as typeof ACTIVE, SENT_APPROVAL, who);

  it("An admin, or an approver of the request, may revoke it", () => {
    const revoke = { said: "revoke it:", commands: [`timelatch revoke ${ID}`] };
    expect(undo(ACTIVE, LEAD)).toEqual(revoke);
    expect(undo(ACTIVE, person("heidi", { roles: ["admins"] }))).toEqual(revoke);
  });

  it("A delegate is not offered a revocation that is not theirs", () => {
    expect(undo(ACTIVE, person("erin")).said).toContain("you may not revoke it");
  });

  it("It says who can revoke where nobody knows who asks", () => {
    expect(undo(ACTIVE, undefined).said).toBe("its approvers and admins can revoke it:");
  });

  it("A request that waits for others is denied, since it cannot be revoked yet", () => {
    expect(undo(PENDING, LEAD).commands).toEqual([`timelatch deny ${ID}`]);
  });

  it("Nothing undoes it once the request is over", () => {
    expect(undo({ ...ACTIVE, state: "ended" }, LEAD).commands).toEqual([]);
  });
});

describe("the way back from a stop", () => {
  it("Nobody is named where no other admin can lift it", () => {
    const alone = { ...EVERYONE, drain: { ...EVERYONE.drain, liftedBy: [] } };
    expect(commandsOf("drain", alone)).toEqual([]);
  });
});

describe("the way back from a request", () => {
  it.each([
    ["pending", [`timelatch cancel ${ID}`]],
    ["approved", [`timelatch cancel ${ID}`]],
    ["active", [`timelatch return ${ID}`]],
    ["ending", []],
    ["lapsed", []],
  ] as const)("It follows the state: %s", (state, commands) => {
    expect(commandsOf("createRequest", { ...PENDING, state })).toEqual(commands);
  });
});
