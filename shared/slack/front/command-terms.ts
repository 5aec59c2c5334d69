/** The words of `/access prod edit payments-api 1h INC-4711 stuck rollout`. */
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import type { Settings } from "../../domain/settings.ts";
import { parseDuration } from "../../domain/values/duration.ts";
import { otherChoiceText, otherClusterText } from "../texts/form-texts.ts";
import { type AskTerms, accessChoices, choiceNamed } from "./ask-terms.ts";
import { clustersOf } from "./request-form.ts";

/** The word that asks for the whole cluster. It is never guessed from missing namespaces. */
const WHOLE_CLUSTER = "cluster";

/** The terms, or what is wrong with the words. */
export function termsOfCommand(
  settings: Settings,
  rules: readonly OwnRule[],
  text: string,
): AskTerms | { readonly wrong: string } {
  const [cluster = "", policy = "", ...rest] = unescaped(text).trim().split(/\s+/);
  const clusters = clustersOf(rules);
  if (!clusters.includes(cluster))
    return {
      wrong: otherClusterText(clusters, cluster.slice(0, 60)),
    };
  const choices = accessChoices(rules, cluster);
  const groups = choices.find((choice) => {
    const access = choice.access([]);
    return "groups" in access && access.groups.includes(policy);
  });
  if (groups) return { cluster, access: groups.key, ...timeAndReason(settings, rest) };
  const [where = "", ...words] = rest;
  const choice = choiceNamed(choices, policy, where !== WHOLE_CLUSTER);
  if (!choice)
    return {
      wrong: otherChoiceText(
        cluster,
        choices.map(({ label }) => label),
      ),
    };
  return {
    cluster,
    access: choice.key,
    ...(choice.isNamespaced ? { namespaces: where } : {}),
    ...timeAndReason(settings, words),
  };
}

/** A first word that reads as a duration is the duration, and the rest is the reason. */
function timeAndReason(
  settings: Settings,
  [first = "", ...others]: readonly string[],
): Pick<AskTerms, "duration" | "reason"> {
  return isDuration(settings, first)
    ? { duration: first, reason: others.join(" ") }
    : { reason: [first, ...others].join(" ") };
}

function isDuration({ secondsAllowed }: Settings, word: string): boolean {
  try {
    return parseDuration(word, secondsAllowed) > 0;
  } catch {
    return false;
  }
}

/** Slack escapes these three in the text of a command. */
const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
