/** `timelatch token --ask`, at a terminal and elsewhere. */

import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { token } from "../../../cli/commands/token.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal, typist } from "../fake-terminal.ts";
import { LENT } from "../sample-access.ts";

const ROLE = LENT.principals[0] ?? "";
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-ask-"));
const SAID =
  "timelatch: No access is lent to you on prod now. Ask for it:\n  timelatch request -c prod\n";

/** STS that knows the caller as the role already. */
const sts = http.createServer((_request, response) => {
  response.setHeader("content-type", "text/xml");
  response.end(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/alice/me</Arn><UserId>A:me</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
});
const KEPT = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
const before = KEPT.map((name) => [name, process.env[name]] as const);
beforeAll(async () => {
  await new Promise<void>((done) => sts.listen(0, "127.0.0.1", done));
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  process.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
});
afterAll(() => {
  for (const [name, value] of before)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  sts.close();
  rmSync(folder, { recursive: true });
});

let calls: string[] = [];
let waiting: readonly object[] = [];
beforeEach(() => {
  calls = [];
  waiting = [];
});
const api = fakeApi(({ method, path: url }) => {
  calls.push(`${method} ${url}`);
  if (url.startsWith("/v1/access")) return LENT;
  if (url.startsWith("/v1/whoami")) return { person: "alice", groups: [], roles: [] };
  return url.startsWith("/v1/people/") ? { access: [], waiting } : { requests: [] };
});

interface Asking {
  /** Whether the command has a terminal, and whether kubectl leaves it its input. */
  readonly interactive?: boolean;
  readonly byKubectl?: boolean;
  readonly cache?: string;
}

/**
 * A token that kubectl asks for, and a person who answers the first question and stops at the
 * second.
 */
async function asked(
  answer: string,
  { interactive = true, byKubectl = true, cache = "x" }: Asking,
) {
  const [first, second] = [typist(), typist()];
  const prompts = [first.prompt, second.prompt];
  const env = {
    XDG_CACHE_HOME: path.join(folder, cache),
    KUBERNETES_EXEC_INFO: JSON.stringify({ spec: { interactive: byKubectl } }),
  };
  const terminal = fakeTerminal({ interactive, api, env });
  void first.answer("Ask for it here", answer);
  void second.press("Access:", "\u0003");
  const failed = await token(
    { ...terminal.context, prompt: () => prompts.shift() ?? first.prompt },
    {
      cluster: "prod",
      arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod",
      role: ROLE,
      ask: true,
    },
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { out: terminal.out(), err: terminal.err(), failed };
}

describe("timelatch token --ask", () => {
  it.each([
    ["no terminal", { interactive: false }],
    ["a kubectl whose input is taken", { byKubectl: false }],
  ])("With %s nobody is asked, and the token comes with the remark", async (_, how) => {
    const { out, err, failed } = await asked("y", { ...how, cache: JSON.stringify(how) });
    expect(failed).toBeUndefined();
    expect(err).toBe(SAID);
    expect(JSON.parse(out)).toMatchObject({ kind: "ExecCredential" });
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  });

  it("Nobody is asked anything while a request waits, which is named by its id", async () => {
    waiting = [
      {
        id: "019abc00-1111",
        cluster: "prod",
        policy: "AmazonEKSViewPolicy",
        elements: ["cluster"],
        needs: [],
        lapsesAt: "2026-11-25T10:00:00.000Z",
      },
    ];
    const { out, err, failed } = await asked("y", { cache: "waiting" });
    expect(failed).toBeUndefined();
    expect(err).toContain("  timelatch show 019abc00-1111\n");
    expect(err).not.toContain("Ask for it");
    expect(JSON.parse(out)).toMatchObject({ kind: "ExecCredential" });
  });

  it("A person who declines gets the token, and kubectl's own refusal", async () => {
    const { out, failed } = await asked("n", { cache: "declined" });
    expect(failed).toBeUndefined();
    expect(JSON.parse(out)).toMatchObject({ kind: "ExecCredential" });
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  });

  it("The same kubectl is asked once", async () => {
    await asked("n", { cache: "same" });
    const { out, err } = await asked("y", { cache: "same" });
    expect(err).toBe("");
    expect(JSON.parse(out)).toMatchObject({ kind: "ExecCredential" });
  });

  it("A person who agrees is asked for the request on that cluster, and nothing of it is on standard output", async () => {
    const { out, err, failed } = await asked("y", { cache: "agreed" });
    expect(err).toContain("Cluster: prod (the only one)");
    expect(failed).toBeInstanceOf(Failure);
    expect(out).toBe("");
  });
});
