/** `timelatch exec`: access for as long as a command runs. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type ExecSetting, exec } from "../../../cli/commands/exec.ts";
import { ProgramEnded } from "../../../cli/failures/program-ended.ts";
import { runProgram } from "../../../cli/kubernetes/run-program.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { LENT } from "../sample-access.ts";
import { NOTHING_BESIDE } from "../sample-person-access.ts";
import { activated, answerTo, approved, asked } from "../sample-requests.ts";

const ACTIVE = answerTo(activated(approved(asked())));
const TERMS = {
  policy: "AmazonEKSEditPolicy",
  namespace: ["payments-api"],
  reason: "INC-4711 stuck rollout",
  yes: true,
} as const;
const THERE = {
  cluster: "prod",
  state: "there",
  by: ACTIVE.id,
  until: "2026-11-24T11:00:00.000Z",
};

/** @param access what is there before */
const broker = (access: readonly object[] = []) =>
  fakeApi(({ path }) => {
    if (path === "/v1/access") return LENT;
    return path.startsWith("/v1/people/") ? { access, ...NOTHING_BESIDE } : ACTIVE;
  });

/** A command that ends with this code. */
function command(code: number) {
  const contexts: unknown[] = [];
  const setting: ExecSetting = {
    contextFor: async (_context, { name }) => ({
      context: `timelatch-${name}`,
      server: "https://prod.example.com",
      certificateAuthority: "Q0E=",
      args: ["token", "--cluster", name],
      env: {},
    }),
    run: async (_words, env) => {
      contexts.push(parse(readFileSync(env["KUBECONFIG"] ?? "", "utf8"))["current-context"]);
      return code;
    },
  };
  return { setting, contexts };
}

async function played(api: ReturnType<typeof broker>, options: object, code = 0) {
  const terminal = fakeTerminal({ api, env: process.env });
  const { setting, contexts } = command(code);
  const ended = await exec(terminal.context, "prod", ["sh", "-c", "true"], options, setting).catch(
    (error: unknown) => error,
  );
  const changes = api.calls.filter(({ method }) => method === "POST").map(({ path }) => path);
  return { ...terminal, ended, contexts, changes };
}

describe("timelatch exec", () => {
  it("It asks, waits, runs the command in a context of the cluster, and returns what it asked for", async () => {
    const { ended, contexts, changes, out } = await played(broker(), TERMS);
    expect(ended).toBeUndefined();
    expect(contexts).toEqual(["timelatch-prod"]);
    expect(changes).toEqual(["/v1/requests", `/v1/requests/${ACTIVE.id}/return`]);
    expect(out()).toBe("");
  });

  it("Without terms it uses what is lent there already, and leaves it", async () => {
    const { err, contexts, changes } = await played(broker([THERE]), {});
    expect(err()).toContain(`Using grant ${ACTIVE.id}, until `);
    expect([contexts, changes]).toEqual([["timelatch-prod"], []]);
  });

  it("Its exit code is the command's, and the access is returned all the same", async () => {
    const { ended, changes } = await played(broker(), TERMS, 7);
    expect(ended).toBeInstanceOf(ProgramEnded);
    expect((ended as ProgramEnded).code).toBe(7);
    expect(changes).toContain(`/v1/requests/${ACTIVE.id}/return`);
  });

  it("With --keep it returns nothing", async () => {
    expect((await played(broker(), { ...TERMS, keep: true })).changes).toEqual(["/v1/requests"]);
  });

  it("A program that is not there is said before anything is sent", async () => {
    const api = broker();
    const { context } = fakeTerminal({ api, env: process.env });
    await expect(exec(context, "prod", ["nosuch-program"], TERMS)).rejects.toThrow(
      /nosuch-program/,
    );
    expect(api.calls).toEqual([]);
  });
});

describe("a program at the same terminal", () => {
  it.each([
    ["exit 7", 7],
    ["kill -TERM $$", 143],
  ])("The code of a program that does %s is %d", async (script, code) => {
    expect(await runProgram(["sh", "-c", script], process.env)).toBe(code);
  });

  it("SIGTERM reaches the program, and the command goes on behind it", async () => {
    const before = process.listenerCount("SIGTERM");
    const running = runProgram(["sleep", "60"], process.env);
    process.emit("SIGTERM");
    expect(await running).toBe(143);
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
