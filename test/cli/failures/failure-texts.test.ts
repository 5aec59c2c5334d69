/**
 * Every kind of failure says what happened, what was not done, and what to do next. The catalogue
 * next to this file has the texts, as people read them.
 */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { failureOfAnswer, notTheApi } from "../../../cli/api/answer-failure.ts";
import { parseApiAddress } from "../../../cli/api/api-address.ts";
import { awsIdentity } from "../../../cli/api/aws-identity.ts";
import type { Call } from "../../../cli/api/call.ts";
import { failureOfNetwork } from "../../../cli/api/network-failure.ts";
import { pages } from "../../../cli/api/pages.ts";
import { getConfig } from "../../../cli/commands/config.ts";
import { decide } from "../../../cli/commands/decide.ts";
import { request } from "../../../cli/commands/request.ts";
import { show } from "../../../cli/commands/show.ts";
import { readConfig, setInConfig } from "../../../cli/config/config-file.ts";
import { failureOf } from "../../../cli/failures/command-failure.ts";
import { Failure, failureDocument, failureText } from "../../../cli/failures/failure.ts";
import { buildProgram } from "../../../cli/program.ts";
import { askForYes } from "../../../cli/prompts/confirm.ts";
import { askTerms } from "../../../cli/prompts/request-dialogue.ts";
import { bodyOf, type RequestTerms } from "../../../cli/prompts/request-terms.ts";
import { refusalOf } from "../../../cli/text/preview-text.ts";
import { waitUntil } from "../../../cli/wait.ts";
import { PROBLEMS } from "../../../shared/http/contract/problems.ts";
import { fakeApi, fakeTerminal, typist } from "../fake-terminal.ts";
import { LENT, REFUSED } from "../sample-access.ts";
import { SENT_REQUEST } from "../sample-changes.ts";
import { activated, answerTo, approved, asked, denied, idOf } from "../sample-requests.ts";
import { auditWays } from "./audit-ways.ts";
import { CONSOLE_WAYS } from "./console-ways.ts";
import { DELEGATION_WAYS } from "./delegation-ways.ts";
import { departureWays } from "./departure-ways.ts";
import { deploymentWays } from "./deployment-ways.ts";
import { DOCS_WAYS } from "./docs-ways.ts";
import { DOCTOR_WAYS } from "./doctor-ways.ts";
import { END_WAYS } from "./end-ways.ts";
import { FINDING_WAYS } from "./finding-ways.ts";
import { INTERRUPTION_WAYS } from "./interruption-ways.ts";
import { KUBERNETES_WAYS } from "./kubernetes-ways.ts";
import { MCP_WAYS } from "./mcp-ways.ts";
import { peopleWays } from "./people-ways.ts";
import { policyWays } from "./policy-ways.ts";
import { RESTORE_WAYS } from "./restore-ways.ts";
import { SEVERAL_WAYS } from "./several-ways.ts";
import { STOP_WAYS } from "./stop-ways.ts";
import { TERRAFORM_WAYS } from "./terraform-ways.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ADDRESS = "https://api.example.com";
const PENDING = answerTo(asked());

const READ: Call = { method: "GET", path: "/v1/requests" };
const ASK: Call = { method: "POST", path: "/v1/requests", idempotencyKey: "key-1" };
const CANCEL: Call = {
  method: "POST",
  path: `/v1/requests/${idOf(1)}/cancel`,
  afterwards: `timelatch show ${idOf(1)}`,
};
const CALLS = { READ, ASK, CANCEL };

const received = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  text: typeof body === "string" ? body : JSON.stringify(body),
});

const problem = (status: number, code: string, more = {}) =>
  received(status, {
    type: `urn:timelatch:problem:${code}`,
    title: "It is so and not otherwise",
    status,
    ...more,
  });

/** As Node's `fetch` fails: the reason is the cause. */
const unreached = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(`${code} it is`), { code }) });
const timedOut = Object.assign(new Error("The operation timed out"), { name: "TimeoutError" });

const program = () => buildProgram(fakeTerminal().context.screen, {});

async function wrongCommandLine(...args: readonly string[]) {
  const commands = program();
  return commands
    .parseAsync(args, { from: "user" })
    .catch((error: unknown) => failureOf(error, commands, args));
}

const terms = (changes: RequestTerms): RequestTerms => ({
  cluster: "prod",
  reason: "why",
  ...changes,
});

let folder = "";
const deciding = (answer: object) =>
  decide(fakeTerminal({ api: fakeApi(() => answer) }).context, "approve", idOf(1), { yes: true });
const ASKED = { cluster: "prod", group: ["g"], reason: "why" };
const showing = (prefix: string, ...ids: readonly string[]) => {
  const api = fakeApi(() => ({ requests: ids.map((id) => ({ ...PENDING, id })) }));
  return show(fakeTerminal({ api }).context, prefix, {});
};
/** A context whose configuration file has this text. */
const configured = (text: string) => {
  const base = path.join(folder, `config-${encodeURIComponent(text)}`);
  mkdirSync(path.join(base, "timelatch"), { recursive: true });
  writeFileSync(path.join(base, "timelatch", "config.json"), text);
  return fakeTerminal({ env: { XDG_CONFIG_HOME: base } }).context;
};
const configuring = (text: string) => readConfig(configured(text).env);
const inProfile = (name: string) =>
  readConfig({
    ...configured('{"profiles": {"prod": {}, "eu": {}}}').env,
    TIMELATCH_PROFILE: name,
  });
const waiting = (last: object) => {
  // A second is a minute here, as test/patient-calls.ts says.
  const passed = new AbortController();
  setTimeout(() => passed.abort(), 50);
  vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(passed.signal);
  return waitUntil(
    fakeTerminal().context,
    fakeApi(() => last),
    { ...PENDING, ...last },
    "effective",
    { byDefault: false, timeoutSeconds: 1 },
    SENT_REQUEST,
  );
};

async function answering(line: string) {
  const person = typist();
  const asking = askForYes(person.prompt, "Send it?");
  asking.catch(() => undefined);
  await person.press("Send it?", line);
  return asking;
}

/** Each way to a failure, which is thrown or answered. */
const WAYS: Readonly<Record<string, () => unknown>> = {
  "no address": () => parseApiAddress(undefined),
  "an address that is none": () => parseApiAddress("api.example.com"),
  "plain http": () => parseApiAddress("http://api.example.com"),
  "an address with a query": () => parseApiAddress("https://api.example.com/?a=1"),
  "an address with /v1": () => parseApiAddress("https://api.example.com/v1"),
  "no credentials": async () => (await awsIdentity("us-west-2", {})).credentials(),
  "no region": () => awsIdentity(undefined, {}),
  ...Object.fromEntries(
    ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].map((code) => [
      `no connection: ${code}`,
      () => failureOfNetwork(unreached(code), READ, ADDRESS, 10_000),
    ]),
  ),
  "no trusted certificate": () =>
    failureOfNetwork(unreached("DEPTH_ZERO_SELF_SIGNED_CERT"), READ, ADDRESS, 10_000),
  ...Object.fromEntries(
    Object.entries(CALLS).flatMap(([name, call]) => [
      [`no answer in time: ${name}`, () => failureOfNetwork(timedOut, call, ADDRESS, 10_000)],
      [`a reset: ${name}`, () => failureOfNetwork(unreached("ECONNRESET"), call, ADDRESS, 10_000)],
      [`no answer: ${name}`, () => failureOfNetwork(unreached("EPROTO"), call, ADDRESS, 10_000)],
      [`the gateway's 503: ${name}`, () => failureOfAnswer(call, received(503, { message: "No" }))],
      [
        `a fault of the API: ${name}`,
        () =>
          failureOfAnswer(
            call,
            problem(500, "internal-error", { instance: "urn:timelatch:call:1" }),
          ),
      ],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(PROBLEMS).map(([code, { status }]) => [
      `the API's ${code}`,
      () => failureOfAnswer(ASK, problem(status, code, { detail: "That is why." })),
    ]),
  ),
  "a problem that says itself what was not done": () =>
    failureOfAnswer(ASK, problem(403, "forbidden", { detail: "Not you. Nothing was changed." })),
  "a problem with pointers": () =>
    failureOfAnswer(
      ASK,
      problem(422, "invalid-request", {
        detail: "See `errors`.",
        errors: [{ pointer: "/reason", detail: "Say why." }],
      }),
    ),
  "a problem of a newer API": () => failureOfAnswer(ASK, problem(418, "teapot")),
  "the gateway's 403": () => failureOfAnswer(READ, received(403, { message: "Forbidden" })),
  "the gateway's 403 with clocks apart": () =>
    failureOfAnswer(
      READ,
      received(
        403,
        { message: "Forbidden" },
        { date: new Date(Date.now() + 7_230_000).toUTCString() },
      ),
    ),
  "the gateway's 429": () => failureOfAnswer(ASK, received(429, { message: "Too Many Requests" })),
  "another server": () => notTheApi(received(200, "<p>", { "content-type": "text/html" })),
  "an endless list": async () => {
    const api = fakeApi(() => ({ next: "again" }));
    for await (const _page of pages(api, "/v1/requests"));
  },
  "an option that is unknown": () => wrongCommandLine("list", "--everyone"),
  "a command that is misspelt": () => wrongCommandLine("lits"),
  "an argument that is missing": () => wrongCommandLine("completion"),
  "an id that is none": () => wrongCommandLine("show", "7"),
  "options that exclude each other": () => wrongCommandLine("list", "--mine", "--to-approve"),
  "a fault of the command": () => {
    const error = new Error("a bug");
    error.stack = "Error: a bug\n    at somewhere";
    return failureOf(error, program(), []);
  },
  "no terms": () => bodyOf({}),
  "a policy without its scope": () => bodyOf(terms({ policy: "P" })),
  "two scopes": () => bodyOf(terms({ policy: "P", namespace: ["n"], clusterScope: true })),
  "groups and a policy": () => bodyOf(terms({ policy: "P", group: ["g"] })),
  "a start without its zone": () => bodyOf(terms({ group: ["g"], startsAt: "tomorrow" })),
  "a key that no header holds": () =>
    request(fakeTerminal().context, { ...ASKED, idempotencyKey: "a b" }),
  "a change that nobody confirmed": () => request(fakeTerminal().context, ASKED),
  "a change of --latest that nobody saw": () =>
    decide(fakeTerminal().context, "approve", undefined, { latest: true, yes: true }),
  "an id with --latest": () => show(fakeTerminal().context, idOf(1), { latest: true }),
  "no id, without a terminal": () => show(fakeTerminal().context, undefined, {}),
  "an id that two requests begin with": () => showing("019ab5c0", idOf(1), idOf(2)),
  "an id that no request begins with": () => showing("019ab5c1"),
  "nothing to show": () =>
    show(fakeTerminal({ api: fakeApi(() => ({ requests: [] })) }).context, undefined, {
      latest: true,
    }),
  "a time to wait that is none": () =>
    request(fakeTerminal().context, { ...ASKED, yes: true, timeout: "soon" }),
  "a time to wait without waiting": () =>
    request(fakeTerminal().context, { ...ASKED, yes: true, timeout: "1m", wait: false }),
  "a time to approve that is none": () =>
    decide(fakeTerminal().context, "approve", idOf(1), { yes: true, duration: "half an hour" }),
  "a time to wait that passed": () => waiting(PENDING),
  "no such profile": () => awsIdentity(undefined, { AWS_PROFILE: "nobody" }),
  "a configuration file that is broken": () => configuring("{"),
  "a configuration file that is a list": () => configuring("[]"),
  "a configuration file with another type": () => configuring('{"api": 1}'),
  "a value that is not configured": () => getConfig(configured("{}"), "api"),
  "a configuration file that cannot be written": () =>
    setInConfig({ XDG_CONFIG_HOME: "/dev/null" }, "api", "https://api.example.com"),
  "a configuration file with profiles of another type": () => configuring('{"profiles": []}'),
  "a profile of the configuration that is not there": () => inProfile("staging"),
  "a profile of the configuration whose name is none": () => inProfile("a b"),
  "a dry run that says no": () => refusalOf(REFUSED),
  "a dry run that says no without a rule": () => refusalOf({ ...REFUSED, refusals: [] }),
  "nothing that is lent": () =>
    askTerms(typist().prompt, fakeTerminal().context.screen.err, { ...LENT, rules: [] }),
  "a no": () => answering("n\r"),
  "Ctrl-C at a question": () => answering("\u0003"),
  "a request that was decided": () => deciding(answerTo(activated(approved(asked())))),
  "a digest of other terms": () => deciding({ ...PENDING, reason: "another" }),
  "a denial while waiting": () => waiting(answerTo(denied(asked()))),
  "a lapse while waiting": () => waiting({ state: "lapsed" }),
  "a failure while waiting": () => waiting({ state: "failed" }),
  "a cancellation while waiting": () => waiting({ state: "cancelled" }),
  ...auditWays(() => folder),
  ...CONSOLE_WAYS,
  ...DELEGATION_WAYS,
  ...departureWays(() => folder),
  ...deploymentWays(() => folder),
  ...DOCS_WAYS,
  ...DOCTOR_WAYS,
  ...RESTORE_WAYS,
  ...END_WAYS,
  ...FINDING_WAYS,
  ...INTERRUPTION_WAYS,
  ...SEVERAL_WAYS,
  ...STOP_WAYS,
  ...TERRAFORM_WAYS,
  ...KUBERNETES_WAYS,
  ...MCP_WAYS,
  ...peopleWays(() => folder),
  ...policyWays(() => folder),
};

async function failureOn(way: () => unknown): Promise<Failure> {
  let ended: unknown;
  try {
    ended = await way();
  } catch (error) {
    ended = error;
  }
  if (!(ended instanceof Failure)) throw new Error(`No failure: ${String(ended)}`);
  return ended;
}

const UNDONE =
  /\b[Nn]othing was (?:sent|done|undone|changed|stored|exported|verified|written|requested|made)\b|\bNothing more (?:will happen|is added)\b|\bmay or may not have been made\b|\bThe request stays\b|\bmay (?:have been|or may not have been) done\b|\bwas not (?:completed|verified)\b|\bWhat it made is removed\b/;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-failures-"));
  for (const [name, value] of Object.entries({
    HOME: "/nonexistent",
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PROFILE: "nobody",
    AWS_REGION: undefined,
    AWS_DEFAULT_REGION: undefined,
    AWS_ACCESS_KEY_ID: undefined,
  }))
    vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("every failure", () => {
  it.each(Object.entries(WAYS))(
    "Every failure says what happened, what was not done and what to do: %s",
    async (_, way) => {
      const failure = await failureOn(way);
      const text = failureText(failure, 80);
      const [first = "", ...lines] = text.trimEnd().split("\n");
      expect(first).toMatch(/^timelatch: \S/);
      expect(failure.message).toMatch(UNDONE);
      expect(failure.message.replace(UNDONE, "").length).toBeGreaterThan(20);
      const next = lines.findIndex((line) => line.startsWith("  Next: "));
      expect(next).toBeGreaterThanOrEqual(0);
      expect(failure.text.next[0].length).toBeGreaterThan("Next: run it.".length);
    },
  );

  it("Every failure of the command itself is in the list of failures", async () => {
    const failures = await Promise.all(Object.values(WAYS).map(failureOn));
    const reached = new Set(failures.map(({ code }) => code));
    const codes = globSync("cli/**/*.ts", { cwd: ROOT })
      .flatMap((source) => [
        ...readFileSync(path.join(ROOT, source), "utf8").matchAll(
          /new Failure\(\s*"\w+",\s*"([a-z-]+)"/g,
        ),
      ])
      .map(([, code = ""]) => code);
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !reached.has(code))).toEqual([]);
  });

  it("Every failure has the same three parts under --json", async () => {
    const { what, notDone, next } = (await failureOn(() => bodyOf({}))).text;
    expect(failureDocument(await failureOn(() => bodyOf({})))).toEqual({
      type: "urn:timelatch:cli:usage",
      title: "wrong usage; nothing was sent",
      detail: `${what} ${notDone}`,
      next,
      exitCode: 2,
    });
  });

  it("The texts of all failures match the catalogue", async () => {
    const texts: string[] = [];
    for (const [name, way] of Object.entries(WAYS)) {
      const text = failureText(await failureOn(way), Number.POSITIVE_INFINITY);
      const shown = text
        .replaceAll(path.relative(process.cwd(), folder), "FOLDER")
        .replaceAll(folder, "FOLDER");
      texts.push(`# ${name}\n${shown}`);
    }
    await expect(texts.join("\n")).toMatchFileSnapshot("failure-texts.txt");
  });
});
