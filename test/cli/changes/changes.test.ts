/** The table of changes: the words of each, its way back, and the read that proves it. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import type { Change, ChangeName, Sent } from "../../../cli/changes/change.ts";
import { CHANGES } from "../../../cli/changes/changes.ts";
import { ROUTES } from "../../../shared/http/contract/routes.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { fakeApi } from "../fake-terminal.ts";
import { ACTIVE, PENDING, SAMPLES, SENT_APPROVAL } from "../sample-changes.ts";
import { acknowledged, LISTED_TO } from "../sample-findings.ts";
import { idOf } from "../sample-requests.ts";
import { ALICE, EVERYONE, NOBODY } from "../sample-stops.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ID = idOf(1);
const NAMES = Object.keys(CHANGES) as readonly ChangeName[];

const person = (name: string, more: Partial<WhoAmIAnswer> = {}): WhoAmIAnswer => ({
  ...{ person: name, groups: [], roles: [], identityArn: "x" },
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
    expect(others).toEqual(["cli/commands/preview.ts"]);
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

  it("Who may approve the request, or is an admin, may revoke it", () => {
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

describe("the read that proves a change", () => {
  const SINCE = "2026-11-24T10:00:00.000Z";
  const traced = (name: ChangeName, who: WhoAmIAnswer, read: (call: Call) => unknown) =>
    rowOf(name).trace({ api: fakeApi(read), who, since: SINCE }, sentOf(name));
  const mine = (request: object) => (call: Call) =>
    call.path === "/v1/requests" ? { requests: [request] } : request;

  it("A request counts with the terms that were sent, and not with others or an earlier one", async () => {
    const alice = person("alice");
    expect(await traced("createRequest", alice, mine(PENDING))).toEqual(PENDING);
    for (const other of [
      { reason: "x" },
      { cluster: "x" },
      { createdAt: "2026-11-24T09:00:00.000Z" },
    ])
      expect(await traced("createRequest", alice, mine({ ...PENDING, ...other }))).toBeUndefined();
  });

  it("An extension counts of the same grant only", async () => {
    const extension = SAMPLES.extendGrant.answer;
    expect(await traced("extendGrant", person("alice"), mine(extension))).toEqual(extension);
    const other = { ...extension, extends: idOf(5) };
    expect(await traced("extendGrant", person("alice"), mine(other))).toBeUndefined();
  });

  it("A delegation counts of this person only", async () => {
    const delegations = [SAMPLES.createDelegation.answer];
    const read = () => ({ delegations });
    expect(await traced("createDelegation", person("bob"), read)).toEqual(delegations[0]);
    expect(await traced("createDelegation", person("carol"), read)).toBeUndefined();
  });

  it("A delegation has ended once the list lacks it", async () => {
    const { answer } = SAMPLES.endDelegation;
    const read = (delegations: readonly object[]) => () => ({ delegations });
    expect(await traced("endDelegation", person("bob"), read([]))).toEqual(answer);
    expect(await traced("endDelegation", person("bob"), read([answer]))).toBeUndefined();
  });

  it("A stop counts of this admin only, and a lift once nobody is stopped", async () => {
    const [carol, heidi] = [person("carol"), person("heidi")];
    expect(await traced("suspendPerson", carol, () => ALICE)).toEqual(ALICE);
    expect(await traced("suspendPerson", heidi, () => ALICE)).toBeUndefined();
    expect(await traced("drain", carol, () => EVERYONE)).toEqual(EVERYONE);
    expect(await traced("drain", carol, () => NOBODY)).toBeUndefined();
    expect(await traced("liftSuspension", heidi, () => NOBODY)).toEqual(NOBODY);
    expect(await traced("liftSuspension", heidi, () => ALICE)).toBeUndefined();
    expect(await traced("liftDrain", heidi, () => EVERYONE)).toBeUndefined();
  });

  it("A note counts of this person and with these words only", async () => {
    const finding = acknowledged();
    const [entry] = finding.acknowledgements;
    const noted = (changes: object) => ({
      ...finding,
      acknowledgements: [{ ...entry, note: "CHG-1", at: SINCE, ...changes }],
    });
    const read = (one: object) => () => ({ findings: [one], to: LISTED_TO });
    const actor = person(entry?.actor ?? "");
    expect(await traced("acknowledgeFinding", actor, read(noted({})))).toEqual(noted({}));
    expect(await traced("acknowledgeFinding", actor, read(noted({ note: "x" })))).toBeUndefined();
    const other = noted({ actor: "mallory" });
    expect(await traced("acknowledgeFinding", actor, read(other))).toBeUndefined();
  });
});
