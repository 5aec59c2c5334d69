/** The changes of a deployment to IAM, in sentences. */
import { merged } from "../../policy/merged-rows.ts";
import { listed, plain, shortArns } from "../../policy/words.ts";
import type { Stream } from "../../terminal/screen.ts";
import { wrap } from "../../terminal/text-layout.ts";
import { type Change, isBroader, type SubjectChanges } from "./rights-difference.ts";
import type { Right } from "./template-rights.ts";

/** The most in one account; `--json` has all of them. */
const MOST_SUBJECTS = 60;

const STATES = { new: " (new)", gone: " (no longer there)", kept: "" } as const;

/** A heading for each account, one for each subject, and a sentence with its sign for each change. */
export function differenceText(differences: readonly SubjectChanges[], out: Stream): string {
  if (differences.length === 0) return "Nothing changes in IAM.\n";
  return [...Map.groupBy(differences, ({ account }) => account)]
    .map(([account, subjects]) => {
      const shown = subjects.slice(0, MOST_SUBJECTS);
      const left = subjects.length - shown.length;
      return [
        `${out.paint("bold", `IAM in account ${account}`)}\n`,
        ...shown.map((one) => subjectText(one, out)),
        left > 0 ? `  … and ${left} more; --json has them all.\n` : "",
      ].join("");
    })
    .join("\n");
}

function subjectText({ subject, state, changes }: SubjectChanges, out: Stream): string {
  const lines = changeSentences(changes, state).flatMap(({ broader, sentence }) => {
    const [sign, colour] = broader ? (["+", "green"] as const) : (["-", "red"] as const);
    const [first = "", ...rest] = wrap(sentence, out.columns - 6);
    return [`    ${out.paint(colour, sign)} ${first}`, ...rest.map((line) => `      ${line}`)];
  });
  return `  ${plain(subject)}${STATES[state]}\n${lines.map((line) => `${line}\n`).join("")}`;
}

/** Sentences whose subject stands above them. Changes that differ only in one column share one. */
function changeSentences(
  changes: readonly Change[],
  state: SubjectChanges["state"] = "kept",
): readonly { readonly broader: boolean; readonly sentence: string }[] {
  const rows = changes.map((change) => ({
    broader: [isBroader(change) ? "+" : ""],
    added: [change.added ? "+" : ""],
    kind: [change.right.kind],
    effect: [change.right.effect],
    condition: [change.right.condition],
    action: [change.right.action],
    resource: [change.right.resource],
    principal: [change.right.principal],
  }));
  return merged(rows, ["action", "resource", "principal"])
    .map((row) => {
      const [kind] = row.kind;
      const words = WORDS[kind as Right["kind"]];
      const phrase = { actions: row.action, resources: row.resource, principals: row.principal };
      const isDenied = row.effect[0] === "Deny";
      const [condition] = row.condition;
      // Everything about a new subject is new.
      const said = words(phrase, row.added[0] === "+", isDenied);
      const shown = state === "new" ? said.replace(/\bnewly /, "") : said;
      const sentence = `${shown}${condition ? `, where ${plain(condition)}` : ""}.`;
      return { broader: row.broader[0] === "+", sentence };
    })
    .toSorted((a, b) => Number(b.broader) - Number(a.broader));
}

interface Phrase {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
}

type Words = (phrase: Phrase, added: boolean, denied: boolean) => string;

const names = (texts: readonly string[]) => listed(shortArns(texts), plain);
const principals = (texts: readonly string[]) => listed(texts.map(principalWords), plain);
const on = (resources: readonly string[]) =>
  resources.every((one) => one === "*") ? "on everything" : `on ${names(resources)}`;
const isAssuming = (action: string) => /^sts:AssumeRole/.test(action);

/** [added, removed] for allowed and for denied actions. */
const modal = (added: boolean, denied: boolean): string =>
  denied
    ? added
      ? "may in no case"
      : "is no longer kept from"
    : added
      ? "may newly"
      : "may no longer";

const call = (verb: string) => (verb.endsWith("from") ? `${verb} calling` : `${verb} call`);

const WORDS: Readonly<Record<Right["kind"], Words>> = {
  identity: ({ actions, resources }, added, denied) =>
    `${call(modal(added, denied))} ${listed(actions, plain)} ${on(resources)}`,
  trust: ({ actions, principals: who }, added, denied) =>
    actions.some(isAssuming)
      ? `${assumed(added, denied)} by ${principals(who)}`
      : `${principals(who)} ${call(modal(added, denied))} ${listed(actions, plain)} for it`,
  resource: ({ actions, principals: who }, added, denied) =>
    `${principals(who)} ${call(modal(added, denied))} ${listed(actions, plain)} on it`,
  managed: ({ resources }, added) =>
    `${added ? "newly has" : "no longer has"} the policy ${names(resources)}`,
};

const assumed = (added: boolean, denied: boolean): string =>
  denied
    ? added
      ? "can in no case be assumed"
      : "is no longer kept from being assumed"
    : added
      ? "can newly be assumed"
      : "can no longer be assumed";

/** `arn:aws:iam::111122223333:root` is everybody of the account who is allowed to. */
function principalWords(principal: string): string {
  const [, account] = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal) ?? [];
  if (principal === "*") return "everybody";
  return account === undefined ? principal : `account ${account}`;
}
