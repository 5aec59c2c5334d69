/** `timelatch request` at a terminal: what it asks, shows and sends. */
import { describe, expect, it } from "vitest";
import { request } from "../../cli/commands/request.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { ALLOWED, LENT, REFUSED } from "./sample-access.ts";
import { answerTo, asked, idOf } from "./sample-requests.ts";

describe("timelatch request at a terminal", () => {
  const PENDING = answerTo(asked());
  const answers = (decision: unknown) =>
    fakeApi(({ path }) => {
      if (path === "/v1/access") return LENT;
      return path.endsWith("/preview") ? decision : PENDING;
    });
  const OPTIONS = {
    cluster: "prod",
    policy: "AmazonEKSEditPolicy",
    namespace: ["payments-api"],
    reason: "INC-4711 stuck rollout",
  } as const;
  const paths = ({ calls }: ReturnType<typeof fakeApi>) => calls.map(({ path }) => path);

  const person = (broker: ReturnType<typeof answers>, setting: { json?: boolean } = {}) => {
    const typing = typist();
    const prompt = typing.prompt;
    const terminal = fakeTerminal({ interactive: true, api: broker, prompt, ...setting });
    return { ...terminal, typing };
  };

  it("timelatch request prompts for the terms, shows what they lead to, and sends them once confirmed", async () => {
    const broker = answers(ALLOWED);
    const first = typist();
    const second = typist();
    const prompts = [first.prompt, second.prompt];
    const terminal = fakeTerminal({ interactive: true, api: broker });
    const context = {
      ...terminal.context,
      prompt: () => {
        const next = prompts.shift();
        if (!next) throw new Error("Only two prompts are expected.");
        return next;
      },
    };
    const done = request(context, { wait: false });
    await first.answer("Cluster", "prod");
    await first.answer("Access", "1");
    await first.answer("Namespaces", "payments-api");
    await first.answer("5m to 4h", "");
    await first.answer("Reason: ", "INC-4711 it's stuck");
    await second.answer("Send this request? [y/N] ", "y");
    await done;
    expect(paths(broker)).toEqual([
      "/v1/access",
      "/v1/people/alice/access",
      "/v1/requests/preview",
      "/v1/requests",
    ]);
    expect(broker.calls[3]?.body).toEqual(broker.calls[2]?.body);
    expect(broker.calls[3]?.idempotencyKey).toMatch(/^[0-9a-f-]{36}$/);
    const shown = terminal.written.join("");
    expect(shown).toContain("--reason 'INC-4711 it'\\''s stuck'");
    expect(shown).toContain("Permits  ");
    expect(shown).toContain(
      `Requested AmazonEKSEditPolicy in payments-api on prod for 1h:\n  ${idOf(1)}`,
    );
    expect(first.raw()).toBe(false);
    expect(second.raw()).toBe(false);
  });

  it("timelatch request shows what waits already before it asks anything", async () => {
    const waiting = {
      id: idOf(7),
      cluster: "prod",
      policy: "AmazonEKSViewPolicy",
      elements: ["cluster"],
      since: "2026-11-24T10:02:00.000Z",
      lapsesAt: "2026-11-25T10:02:00.000Z",
      needs: [],
    };
    const broker = fakeApi(({ path }) =>
      path === "/v1/access" ? LENT : { access: [], waiting: [waiting] },
    );
    const { context, typing, err } = person(broker);
    const done = request(context, { cluster: "prod" });
    await typing.press("Access", "\u0003\r");
    await expect(done).rejects.toMatchObject({ code: "interrupted" });
    const [before] = err().split("Ctrl-C stops");
    expect(before).toContain("You have asked already:\nWaits since ");
    expect(before).toContain(`\n  timelatch show ${idOf(7)}\n`);
    expect(paths(broker)).toEqual(["/v1/access", "/v1/people/alice/access?cluster=prod"]);
  });

  it.each([
    ["a no", "n", "not-confirmed"],
    ["Ctrl-C", "\u0003", "interrupted"],
  ])("timelatch request at a terminal sends nothing after %s", async (_what, keys, code) => {
    const broker = answers(ALLOWED);
    const { context, typing } = person(broker);
    const done = request(context, OPTIONS);
    await typing.press("Send this request? [y/N] ", `${keys}\r`);
    await expect(done).rejects.toMatchObject({ exit: "interrupted", code });
    expect(paths(broker)).toEqual(["/v1/requests/preview"]);
    expect(typing.raw()).toBe(false);
  });

  it("timelatch request does not ask to send what would be refused", async () => {
    const broker = answers(REFUSED);
    const { context } = person(broker);
    await expect(request(context, OPTIONS)).rejects.toMatchObject({
      exit: "refused",
      code: "policy-denied",
    });
    expect(paths(broker)).toEqual(["/v1/requests/preview", "/v1/access"]);
  });

  it("timelatch request shows on standard error what it asks about, also under --json", async () => {
    const broker = answers(ALLOWED);
    const { context, typing, out, err } = person(broker, { json: true });
    const done = request(context, OPTIONS);
    await typing.answer("Send this request? [y/N] ", "y");
    await done;
    expect(err()).toContain("AmazonEKSEditPolicy in payments-api");
    expect(JSON.parse(out())).toEqual(PENDING);
  });

  it("timelatch request shows the terms last and in few lines, so that they stand above the question", async () => {
    const broker = answers(ALLOWED);
    const { context, typing, err } = person(broker);
    const done = request(context, { ...OPTIONS, wait: false });
    await typing.answer("Send this request? [y/N] ", "y");
    await done;
    const [asked = ""] = err().split("Requested ");
    const lines = asked.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.slice(-4).map((line) => line.trim().split(/\s+/)[0])).toEqual([
      "Cluster",
      "Access",
      "For",
      "Needs",
    ]);
  });

  it("timelatch request lists every permission with --verbose", async () => {
    const broker = answers(ALLOWED);
    const { context, typing, err } = person(broker);
    const done = request(context, { ...OPTIONS, verbose: true, wait: false });
    await typing.answer("Send this request? [y/N] ", "y");
    await done;
    expect(err()).toContain("Permits\n");
    expect(err()).toContain("read: get, list, watch");
  });

  it("timelatch request asks nothing, and makes no dry run, when --yes confirms it", async () => {
    const broker = answers(ALLOWED);
    const { context } = fakeTerminal({ interactive: true, api: broker });
    await request(context, { ...OPTIONS, yes: true, wait: false });
    expect(paths(broker)).toEqual(["/v1/requests"]);
  });

  it("timelatch request does not prompt for values under --json", async () => {
    const { context } = fakeTerminal({ interactive: true, json: true });
    await expect(request(context, {})).rejects.toMatchObject({ exit: "usage" });
  });
});
