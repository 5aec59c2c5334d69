/** The words of `/access prod edit payments-api 1h INC-4711 stuck rollout`. */
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import type { Settings } from "../../domain/settings.ts";
import { parseDuration } from "../../domain/values/duration.ts";
import { leadingTime, meantDuration } from "../../domain/values/mistyped-duration.ts";
import {
  noDurationText,
  otherChoiceText,
  otherClusterText,
  spacedNamespacesText,
} from "../texts/command-texts.ts";
import { type AskTerms, accessChoices, choiceNamed } from "./ask-terms.ts";
import { namesIn } from "./names-in.ts";
import { clustersOf } from "./request-form.ts";

/** The word that asks for the whole cluster. It is never guessed from missing namespaces. */
const WHOLE_CLUSTER = "cluster";

/** The fault of a command's words. */
interface Wrong {
  readonly wrong: string;
}

/** The terms, or what is wrong with the words. */
export function termsOfCommand(
  settings: Settings,
  rules: readonly OwnRule[],
  text: string,
): AskTerms | Wrong {
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
  if (groups) return withTime(settings, { cluster, access: groups.key }, rest);
  const [where = "", ...words] = rest;
  const choice = choiceNamed(choices, policy, where !== WHOLE_CLUSTER);
  if (!choice)
    return {
      wrong: otherChoiceText(
        cluster,
        choices.map(({ label }) => label),
      ),
    };
  const terms = { cluster, access: choice.key };
  if (!choice.isNamespaced) return withTime(settings, terms, words);
  const spaced = spacedNames(rest);
  if (spaced) return { wrong: spacedNamespacesText(spaced) };
  return withTime(settings, { ...terms, namespaces: where }, words);
}

/** A list of namespaces that blanks tear apart; undefined where none do. Its rest would be a reason. */
function spacedNames(words: readonly string[]): string | undefined {
  const names = words.slice(0, 1);
  for (const word of words.slice(1)) {
    const isInList = names.at(-1)?.endsWith(",") || word.startsWith(",");
    if (!isInList || leadingTime([word]) !== undefined) break;
    names.push(word);
  }
  return names.length > 1 ? namesIn(names.join(",")).join(",") : undefined;
}

/**
 * A first word that reads as a duration is the duration, and the rest is the reason. Words that only
 * look like a duration are neither: the default would be lent, and the reason would be another one.
 */
function withTime(settings: Settings, terms: AskTerms, words: readonly string[]): AskTerms | Wrong {
  const { secondsAllowed } = settings;
  const time = leadingTime(words);
  if (time === undefined) return { ...terms, reason: words.join(" ") };
  if (!isDuration(settings, time))
    return { wrong: noDurationText(time, meantDuration(time, secondsAllowed), secondsAllowed) };
  return { ...terms, duration: time, reason: words.slice(1).join(" ") };
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
