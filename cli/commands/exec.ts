import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, remark } from "../context.ts";
import { Failure, failureText } from "../failures/failure.ts";
import { ProgramEnded } from "../failures/program-ended.ts";
import type { KubeContext } from "../kubernetes/kubeconfig-file.ts";
import { clusterNamed } from "../kubernetes/lent-cluster.ts";
import { isProgram, runProgram } from "../kubernetes/run-program.ts";
import type { ConfirmOptions } from "../prompts/confirm.ts";
import { isEmpty, type RequestTerms } from "../prompts/request-terms.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { requestStateText } from "../text/request-text.ts";
import { leftText, shortTime } from "../text/time-text.ts";
import { endOf } from "./end.ts";
import { contextFor } from "./kubeconfig.ts";
import { request } from "./request.ts";

export interface ExecOptions extends Omit<RequestTerms, "cluster" | "startsAt">, ConfirmOptions {
  readonly timeout?: string;
  readonly keep?: true;
}

/** The parts that tests replace. */
export interface ExecSetting {
  readonly contextFor: typeof contextFor;
  readonly run: typeof runProgram;
}

/**
 * `timelatch exec`: runs a command while access is lent. It uses what is lent already, or asks and waits. At the
 * command's end, also after Ctrl-C, it returns the access that it asked for. Standard output is the command's own.
 *
 * @throws Failure before the command runs @throws ProgramEnded where the command ended with another code than 0
 */
export async function exec(
  context: Context,
  name: string,
  command: readonly string[],
  options: ExecOptions,
  setting: ExecSetting = { contextFor, run: runProgram },
): Promise<void> {
  const [program = ""] = command;
  if (!isProgram(program, context.env)) throw noProgram(program);
  const { screen } = context;
  const beside: Context = { ...context, json: false, screen: { ...screen, out: screen.err } };
  const api = await context.api();
  const lent = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  const cluster = clusterNamed(lent, name, options.principal);
  const kube = await setting.contextFor(context, cluster, undefined);
  const { yes, timeout, keep, ...terms } = options;
  const isThere = isEmpty(terms) && (await saysWhatIsThere(beside, api, lent.person, name));
  const asked = isThere
    ? undefined
    : await request(
        beside,
        {
          ...{ ...terms, cluster: name, wait: true },
          ...(yes ? { yes } : {}),
          ...(timeout === undefined ? {} : { timeout }),
        },
        ({ revokeAt }, now) => `Access is there, ${untilText(revokeAt, now)}.\n`,
      );
  const code = await withKubeconfig(kube, (file) =>
    setting.run(command, { ...context.env, KUBECONFIG: file }),
  ).finally(async () => {
    if (asked && !keep) await giveBack(beside, api, asked);
  });
  if (code !== 0) throw new ProgramEnded(code);
}

/** @returns whether a grant of the person gives access there now */
async function saysWhatIsThere(
  context: Context,
  api: Api,
  person: string,
  cluster: string,
): Promise<boolean> {
  const { access } = await readPersonAccess(api, person, cluster);
  const row = access.find(({ state, until }) => state === "there" && until !== null);
  if (!row || row.until === null) return false;
  const until = untilText(row.until, context.now());
  remark(context, `Using ${row.by ? `grant ${visible(row.by)}` : "access"}, ${until}.\n`);
  return true;
}

const untilText = (end: string | null, now: string): string =>
  end === null ? "as long as it is lent" : `until ${leftText(shortTime(end, now), end, now)}`;

/** A file of its own, since the person's kubeconfig and its current context stay as they are. */
async function withKubeconfig<Result>(
  kube: KubeContext,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const { withContexts } = await import("../kubernetes/kubeconfig-file.ts");
  const folder = await mkdtemp(path.join(tmpdir(), "timelatch-exec-"));
  const file = path.join(folder, "kubeconfig");
  try {
    const current = `current-context: ${JSON.stringify(kube.context)}\n`;
    await writeFile(file, `${withContexts("", [kube], file)}${current}`, { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A failure is said and does not hide how the command ended. */
async function giveBack(context: Context, api: Api, asked: RequestAnswer): Promise<void> {
  const { err } = context.screen;
  try {
    const given = await sendChange(context, api, endOf("return", asked.id, undefined, asked));
    err.write(`${wrapLines(requestStateText(given, context.now()), err.columns)}\n`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    err.write(failureText(error, err.columns));
  }
}

const noProgram = (name: string): Failure =>
  new Failure("usage", "no-program", {
    what: `There is no program "${visible(name)}" on the PATH.`,
    notDone: "Nothing was sent.",
    next: ["Next: name the program and its arguments after --, such as -- kubectl get pods."],
  });
