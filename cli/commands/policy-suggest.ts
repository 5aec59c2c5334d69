import type { Rule } from "../../shared/domain/policy/policy.ts";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { type EditedRules, editedRules } from "../../shared/policy-file/rules/edited-rules.ts";
import { includedBeside } from "../../shared/policy-file/yaml/included-file.ts";
import { lesserRule } from "../../shared/policy-tools/suggest/less-access.ts";
import {
  type RuleSuggestion,
  suggestPolicy,
} from "../../shared/policy-tools/suggest/suggest-policy.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { readStrictly } from "../policy/read-policy.ts";
import { readRecord, recordFaults, recordNotWhole } from "../policy/recorded-files.ts";
import { patchOf, suggestionText } from "../policy/suggestion-text.ts";
import { pastMoment } from "../prompts/moment-option.ts";

export interface PolicySuggestOptions {
  /** Folders or files of the archive, or exports. */
  readonly archive: readonly string[];
  readonly rule?: string;
  /** Days or instants between which the grants were asked for. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * `timelatch policy suggest`: the less that would have sufficed for what was done with the grants of an
 * archive, as a patch of the policy.
 *
 * @throws Failure `usage`; `faulty` for a policy that is not sound; `unverified` where the record is not
 *   whole: after the answer
 */
export async function policySuggest(
  context: Context,
  file: string,
  { archive, rule, from, to }: PolicySuggestOptions,
): Promise<void> {
  const since = from === undefined ? "" : pastMoment("--from", from, context.now(), usage);
  const until = to === undefined ? context.now() : pastMoment("--to", to, context.now(), usage);
  const { text, policy } = await readStrictly(file, (source, included) => ({
    text: source,
    policy: parseAccessPolicy(source, included),
  }));
  const names = policy.rules.map(({ name }) => name);
  if (rule !== undefined && !names.includes(rule)) throw noRule(rule, names);
  const record = await readRecord(archive, ["AUDIT", "EVID"]);
  const isChosen = (at: string) => since <= at && at < until;
  const found = suggestPolicy(policy, record, ({ asks: [first] }) => isChosen(first.at)).filter(
    (each) => rule === undefined || each.rule === rule,
  );
  const edited = edit(file, text, found, policy.rules);
  const patch = patchOf(file, text, edited.text);
  const document = {
    rules: found,
    byHand: edited.byHand,
    patch,
    broken: record.broken,
    unreadable: record.unreadable,
  };
  answer(context, document, () =>
    suggestionText({ found, patch, byHand: edited.byHand }, context.screen.out),
  );
  const faults = recordFaults(record);
  if (faults.length > 0) throw recordNotWhole(faults, {});
}

/** The edited text is read as strictly as any policy, before anybody is shown it. */
function edit(
  file: string,
  text: string,
  found: readonly RuleSuggestion[],
  rules: readonly Rule[],
): EditedRules {
  const lesser = found.flatMap(({ rule, less }) => {
    const lent = rules.find(({ name }) => name === rule);
    return (lent && less && lesserRule(lent, less)) ?? [];
  });
  const edited = editedRules(text, lesser);
  if (edited.text !== text) parseAccessPolicy(edited.text, includedBeside(file));
  return edited;
}

const noRule = (name: string, names: readonly string[]) =>
  usage(`The policy has no rule "${name}".${meantText(name, names)}`);

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was done.",
    next: ["Next: timelatch policy suggest --help"],
  });
