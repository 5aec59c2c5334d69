/** The question to an approver at a terminal. It takes other answers than yes and no, too. */
import { permitsOf } from "../../shared/domain/policy/permits.ts";
import { patternCovers } from "../../shared/domain/values/namespace-pattern.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { readPersonAccess } from "../api/person-access.ts";
import type { DecideOptions, Verdict } from "../commands/decision.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { accessColumns, unknownLines } from "../text/person-access-text.ts";
import { permitsText } from "../text/preview-text.ts";
import { askForYes, notConfirmed } from "./confirm.ts";
import { lessOf, lessText } from "./lesser-terms.ts";
import type { Prompt } from "./prompt.ts";

/** A decision, with the options that the answer stands for. */
export interface Decision {
  readonly verdict: Verdict;
  readonly options: DecideOptions;
}

export const APPROVAL_QUESTION = "Approve this? [y]es, for [l]ess, [d]eny, [v]iew more, [N]o: ";

/**
 * Asks an approver about a request whose facts are on the screen. `v` prints what it permits and what its requester has
 * on the cluster, and asks again; `l` and `d` ask for the terms or for a note.
 *
 * @throws Failure `interrupted` for anything that is no decision
 */
export async function askApproval(
  context: Context,
  api: Api,
  shown: RequestAnswer,
  options: DecideOptions,
): Promise<Decision> {
  const prompt = context.prompt();
  try {
    for (;;) {
      const key = await prompt.ask(APPROVAL_QUESTION, (line) => ({ value: line.toLowerCase() }));
      if (["y", "yes", "a"].includes(key)) return { verdict: "approve", options };
      if (key === "l") return await forLess(context, prompt, shown, options);
      if (key === "d") return await denied(prompt, shown, options);
      if (key !== "v") throw notConfirmed();
      context.screen.err.write(await more(context, api, shown));
    }
  } finally {
    prompt.close();
  }
}

async function denied(
  prompt: Prompt,
  { requester }: RequestAnswer,
  options: DecideOptions,
): Promise<Decision> {
  const question = `Why, for ${visible(requester)} and the record (empty: no note): `;
  const note = await prompt.ask(question, (line) => ({ value: line }));
  return { verdict: "deny", options: note === "" ? options : { ...options, note } };
}

/** Lines that are empty leave a term as it was asked for. Terms that are no less are asked for again. */
async function forLess(
  { screen }: Context,
  prompt: Prompt,
  shown: RequestAnswer,
  options: DecideOptions,
): Promise<Decision> {
  for (;;) {
    const duration = await prompt.ask(`For how long [${shown.duration}]: `, (line) => ({
      value: line,
    }));
    const namespaces = await namespacesOf(prompt, shown);
    const terms = {
      ...(duration === "" || duration === shown.duration ? {} : { duration }),
      ...(namespaces.length === 0 ? {} : { namespace: namespaces }),
    };
    try {
      const less = lessOf(terms);
      if (less === undefined) throw notLess();
      screen.err.write(lessText(shown, less));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      screen.err.write(`${visible(error.text.what)}\n`);
      continue;
    }
    await askForYes(prompt, "Approve this for less?");
    return { verdict: "approve", options: { ...options, ...terms } };
  }
}

async function namespacesOf(prompt: Prompt, { access }: RequestAnswer): Promise<readonly string[]> {
  if (!("policy" in access) || access.scope.type !== "namespace") return [];
  const all = access.scope.namespaces;
  if (all.length === 1 && !all.some((name) => name.includes("*"))) return [];
  const asked = all.map(visible).join(", ");
  return prompt.ask(`Namespaces, with commas between [${asked}]: `, (line) => {
    const names = line.split(/[\s,]+/).filter((name) => name !== "");
    const other = names.find((name) => !all.some((pattern) => patternCovers(pattern, name)));
    return other === undefined
      ? { value: all.every((name) => names.includes(name)) ? [] : names }
      : { wrong: `${visible(other)} was not asked for.` };
  });
}

const notLess = () =>
  new Failure("refused", "not-less", {
    what: "That is all that was asked for.",
    notDone: "Nothing was sent.",
    next: ["Next: name a shorter time, or fewer namespaces."],
  });

/** The Kubernetes verbs that it permits, and the other access of whoever asks there. */
async function more(
  { screen: { err }, now }: Context,
  api: Api,
  { access, requester, cluster }: RequestAnswer,
): Promise<string> {
  const held = await readPersonAccess(api, requester, cluster);
  const has =
    held.access.length === 0
      ? `No access is known of ${visible(requester)} on ${visible(cluster)}.\n`
      : renderTable(held.access, accessColumns(now()), err);
  const unknown = wrapLines(unknownLines(held, now()).join("\n"), err.columns);
  return [
    `\n${err.paint("bold", "Permits")}\n`,
    permitsText(permitsOf(access), err),
    `\n${err.paint("bold", `${visible(requester)} on ${visible(cluster)} now`)}\n`,
    `${has}${unknown}\n\n`,
  ].join("");
}
