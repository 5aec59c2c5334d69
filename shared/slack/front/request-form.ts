/** The form that asks for access. Its choices are those of its reader, and no others. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import { LONGEST_REASON } from "../../domain/policy/reason.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { button, input, type Json, modal, option, plain, section } from "../blocks.ts";
import type { ClickPayload, SlackView } from "../payloads.ts";
import { durationHint, FIELDS, LABELS } from "../texts/form-texts.ts";
import { type AccessChoice, type AskTerms, accessChoices, principalsFor } from "./ask-terms.ts";

type ClickAction = ClickPayload["actions"][number];

export const REQUEST_FORM = "request";

/** A menu with more options than this asks for them as somebody types. */
const MOST_OPTIONS = 100;

/**
 * @param terms with what there is no choice about
 * @param preview what the request would lead to, as far as it is known
 */
export function requestForm(
  actor: Actor,
  rules: readonly OwnRule[],
  terms: AskTerms,
  preview: readonly string[],
): Json {
  const clusters = clustersOf(rules);
  const { cluster, access } = terms;
  const choices = accessChoices(rules, cluster);
  const chosen = choices.find(({ key }) => key === access);
  const principals = principalsFor(actor, rules, cluster);
  const longest = longestOn(rules, cluster);
  const blocks = [
    clusterField(clusters, cluster),
    ...accessField(choices, chosen, cluster),
    ...(chosen?.isNamespaced ? [namespacesField(terms.namespaces)] : []),
    ...principalField(principals, cluster),
    durationField(longest, terms),
    ...presetRow(longest),
    reasonField(terms.reason),
    { ...section(preview), block_id: "preview" },
  ];
  return modal(LABELS.askTitle, blocks, {
    callback_id: REQUEST_FORM,
    submit: plain(LABELS.ask, "title"),
    close: plain(LABELS.cancel, "title"),
  });
}

export const clustersOf = (rules: readonly OwnRule[]): readonly string[] => [
  ...new Set(rules.flatMap(({ clusters }) => clusters)),
];

const menu = (options: readonly Json[], chosen?: Json): Json => ({
  type: "static_select",
  options: options.slice(0, MOST_OPTIONS),
  ...(chosen ? { initial_option: chosen } : {}),
});

function clusterField(clusters: readonly string[], cluster: string | undefined): Json {
  const initial = cluster === undefined ? {} : { initial_option: option(cluster, cluster) };
  const element =
    clusters.length > MOST_OPTIONS
      ? { type: "external_select", min_query_length: 0, ...initial }
      : { type: "static_select", options: clusters.map((name) => option(name, name)), ...initial };
  return input({ id: "cluster", ...FIELDS.cluster, dispatch: true, element });
}

const accessField = (
  choices: readonly AccessChoice[],
  chosen: AccessChoice | undefined,
  cluster: string | undefined,
): readonly Json[] =>
  choices.length === 0
    ? []
    : [
        input({
          id: "access",
          choicesFor: cluster,
          ...FIELDS.access,
          dispatch: true,
          element: menu(
            choices.map(({ label, key }) => option(label, key)),
            chosen && option(chosen.label, chosen.key),
          ),
        }),
      ];

const principalField = (
  principals: readonly string[],
  cluster: string | undefined,
): readonly Json[] =>
  principals.length < 2
    ? []
    : [
        input({
          id: "principal",
          choicesFor: cluster,
          ...FIELDS.principal,
          element: menu(principals.map((arn) => option(shortArn(arn), principalKey(arn)))),
        }),
      ];

const namespacesField = (initial: string | undefined): Json =>
  input({
    id: "namespaces",
    ...FIELDS.namespaces,
    dispatch: true,
    element: textElement(initial, 1_000),
  });

/** The longest time that a rule allows on a cluster; undefined before one is chosen. */
function longestOn(rules: readonly OwnRule[], cluster: string | undefined): number | undefined {
  const most = rules
    .filter(({ clusters }) => cluster !== undefined && clusters.includes(cluster))
    .map(({ rule }) => rule.duration.maxSeconds);
  return most.length === 0 ? undefined : Math.max(...most);
}

const durationField = (
  longest: number | undefined,
  { duration, pressed }: Pick<AskTerms, "duration" | "pressed">,
): Json =>
  input({
    id: "duration",
    // Slack keeps what was typed while the block has its id.
    choicesFor: pressed,
    ...FIELDS.duration,
    hint: durationHint(longest),
    optional: true,
    dispatch: true,
    element: textElement(duration, 20),
  });

const PRESET = "preset_";
const PRESET_SECONDS = [900, 1_800, 3_600, 7_200, 14_400, 28_800] as const;

/** Buttons that fill in how long; empty before a cluster is chosen. */
function presetRow(longest = 0): readonly Json[] {
  const elements = PRESET_SECONDS.filter((seconds) => seconds <= longest)
    .map(formatDuration)
    .map((text) => button(text, `${PRESET}${text}`, text));
  return elements.length === 0 ? [] : [{ type: "actions", block_id: "presets", elements }];
}

/** Whether an action is a press of such a button. */
export const isPreset = (actionId: string): boolean => actionId.startsWith(PRESET);

/** The terms with the duration that was pressed, if one was. @param view as it was then */
export function withPreset(
  terms: AskTerms,
  action: ClickAction | undefined,
  view: SlackView,
): AskTerms {
  const { action_id = "", value } = action ?? {};
  if (!isPreset(action_id) || !value) return terms;
  return { ...terms, duration: value, pressed: `${value} ${view.hash ?? view.id}` };
}

const reasonField = (initial: string | undefined): Json =>
  input({
    id: "reason",
    ...FIELDS.reason,
    element: { ...textElement(initial, LONGEST_REASON), multiline: true },
  });

const textElement = (initial: string | undefined, most: number): Json => ({
  type: "plain_text_input",
  max_length: most,
  ...(initial === undefined ? {} : { initial_value: initial.slice(0, most) }),
});

/** An option's value is at most 75 characters, and an ARN may be longer. */
const principalKey = (arn: string): string => sha256(arn);

const shortArn = (arn: string): string => arn.replace(/^.*:/, "");

/** The block of each field that the form shows, by the field. */
export const blocksIn = ({ state }: SlackView): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(state?.values ?? {}).flatMap(([block, fields]) =>
      Object.keys(fields).map((field): [string, string] => [field, block]),
    ),
  );

/** The content of the form's fields. */
export function termsIn(view: SlackView, actor: Actor, rules: readonly OwnRule[]): AskTerms {
  const blocks = blocksIn(view);
  const field = (id: string): string | undefined => {
    const state = view.state?.values[blocks.get(id) ?? ""]?.[id];
    return state?.selected_option?.value ?? state?.value ?? undefined;
  };
  const cluster = field("cluster");
  const chosen = field("principal");
  const principal = principalsFor(actor, rules, cluster).find(
    (arn) => principalKey(arn) === chosen,
  );
  return {
    cluster,
    access: field("access"),
    namespaces: field("namespaces"),
    duration: field("duration"),
    // Each reader sees it as one line, so that no line of it looks like ours.
    reason: field("reason")?.replace(/\s*[\r\n]\s*/g, " "),
    principal,
  };
}
