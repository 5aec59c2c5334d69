/** A sandbox that is misused, with an eye on what it does and what it writes down. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { ErrorCode } from "../../shared/domain/values/errors.ts";
import { statusesOf } from "../../shared/http/contract/openapi.ts";
import { OPERATION_KINDS } from "../../shared/http/contract/operation-kinds.ts";
import { PROBLEMS } from "../../shared/http/contract/problems.ts";
import { ROUTES, type RouteOperation } from "../../shared/http/contract/routes.ts";
import { type ApiAnswer, type ApiCall, apiPerson } from "./api-person.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

/** The calls that change access, by EKS's names. */
const CHANGES = /^(?:Create|Update|Delete|Associate|Disassociate|Tag|Untag)/;

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), "timelatch-"));

/**
 * @param access the policy's file, in place of the repository's own
 * @param more arguments of the sandbox; its minutes last three seconds unless they say otherwise
 */
export async function startAbuseSandbox(
  dir: string = newFolder(),
  access?: string,
  more: readonly string[] = [],
) {
  const env = access === undefined ? {} : { TIMELATCH_ACCESS: access };
  const args = ["--dir", dir, "--minute-seconds", "3", ...more];
  const sandbox = await startSandboxProcess(args, env);
  return abuseSandbox(dir, sandbox);
}

/** A call to AWS, as the sandbox wrote it down by its own clock. */
export interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly requestId: string;
  readonly at: string;
}

export type AbuseSandbox = ReturnType<typeof abuseSandbox>;

function abuseSandbox(dir: string, sandbox: SandboxProcess) {
  const logs = path.join(dir, "logs");
  const heard: ApiCall[] = [];
  // Text after the last end of a line is still being written.
  const linesOf = (name: RegExp) =>
    readdirSync(logs)
      .filter((file) => name.test(file))
      .flatMap((file) => readFileSync(path.join(logs, file), "utf8").split("\n").slice(0, -1))
      .filter((line) => line.trim() !== "");

  const functionLogs = () => linesOf(/Function.*\.log$/);
  const refusalLines = ({ body }: ApiAnswer) => {
    const id = String(body.instance).replace("urn:timelatch:call:", "");
    return functionLogs()
      .filter((line) => line.includes(id) && line.includes('"refused"'))
      .map((line) => JSON.parse(line));
  };
  const faults = async (init: RequestInit) => {
    const response = await fetch(`${sandbox.awsUrl}/_sandbox/faults`, init);
    expect(response.ok).toBe(true);
  };

  const eksChanges = () =>
    linesOf(/^aws-calls\.log$/)
      .map((line) => JSON.parse(line) as LoggedCall)
      .filter(({ service, operation }) => service === "eks" && CHANGES.test(operation));

  return {
    ...sandbox,
    heard,
    person: (name: string) => apiPerson(sandbox, name, (call) => heard.push(call)),

    /** Every change of access entries that was called for, whoever called. */
    eksChanges: (): readonly string[] => eksChanges().map(({ operation }) => operation),
    /** The same, each with all that was written down. */
    eksChangeCalls: (): readonly LoggedCall[] => eksChanges(),

    /** The logs of the functions: their own lines, and the sandbox's about them. */
    functionLogs,
    /** Everything that was written down about calls, functions or not. */
    everyLog: () => linesOf(/\.log$/),

    /** Has calls of this kind go wrong in this way, until {@link clearFaults}. */
    async spoil(rule: Readonly<Record<string, unknown>>) {
      await faults({
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(rule),
      });
    },
    clearFaults: () => faults({ method: "DELETE" }),

    /** That an answer is this problem, and left its line in the log of the API's function. */
    async expectRefused(answer: ApiAnswer, code: ErrorCode, by?: string) {
      expectProblem(answer, code);
      const said = { code, status: answer.status, ...(by === undefined ? {} : { person: by }) };
      await expect.poll(() => refusalLines(answer)).toMatchObject([said]);
    },
  };
}

/** That an answer is a problem of this code, with everything that a problem has to have. */
export function expectProblem(answer: ApiAnswer, code: ErrorCode): void {
  const { status, title } = PROBLEMS[code];
  expect(answer).toMatchObject({
    status,
    body: { type: `urn:timelatch:problem:${code}`, title, status },
  });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body.instance).toMatch(/^urn:timelatch:call:.+/);
  expect(answer.body.detail).toMatch(/\S/);
}

/** Codes of the objections in a problem, of all rules together. */
export const objections = ({ body }: ApiAnswer): readonly string[] =>
  body.refusals.flatMap(({ objections: each }: { objections: { code: string }[] }) =>
    each.map(({ code }) => code),
  );

/** The operation that a call was of; undefined where there is no such route. */
export const operationOf = ({ method, path: at }: ApiCall): RouteOperation | undefined => {
  const [plain = ""] = at.split("?");
  const literal = ROUTES.find((route) => route.method === method && route.path === plain);
  const route =
    literal ??
    ROUTES.find(
      (each) =>
        each.method === method &&
        new RegExp(`^${each.path.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(plain),
    );
  return route?.operation;
};

/** `operation status`, of every answer that the description promises. */
export const documented = (): readonly string[] =>
  (Object.keys(OPERATION_KINDS) as RouteOperation[])
    .flatMap((operation) => [...statusesOf(operation).keys()].map((s) => `${operation} ${s}`))
    .sort();

/** The answers to calls that the description of their operations lacks. */
export const undocumented = (calls: readonly ApiCall[]): readonly string[] =>
  calls.flatMap((call) => {
    const operation = operationOf(call);
    const { status, body } = call.answer;
    const codes = operation && statusesOf(operation).get(status);
    const code = String(body?.type ?? "").replace("urn:timelatch:problem:", "");
    const isSaid = codes && (status < 400 || codes.includes(code as ErrorCode));
    return operation === undefined || isSaid ? [] : [`${operation} ${status} ${code}`];
  });
