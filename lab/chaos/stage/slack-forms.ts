/** The forms that a person of the sandbox fills in, in Slack. */
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { AskedAccess } from "../plan/terms.ts";
import { idIn, played, press, type SlackButton, unacknowledged, userOf } from "./slack-person.ts";
import type { SlackRefusals } from "./slack-refusals.ts";
import { DONE_IN_SLACK } from "./stage.ts";

interface View {
  readonly id: string;
  readonly user: string;
  readonly callback_id: string;
  readonly private_metadata: string;
}

const REFUSED = "refused in Slack";
const PATIENCE_MS = 10_000;

/** The newest form of a kind that somebody has open. */
async function openForm(
  { slackUrl }: SandboxAddresses,
  user: string,
  kind: string,
  isMeant: (view: View) => boolean = () => true,
): Promise<View | undefined> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(`${slackUrl}/_sandbox/views`, { signal });
  return ((await answer.json()) as readonly View[]).findLast(
    (view) => view.user === user && view.callback_id === kind && isMeant(view),
  );
}

/** By field: what somebody typed or chose. */
type Fields = Readonly<Record<string, string>>;

const valuesOf = (fields: Fields) =>
  Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, { [id]: value }]));

/** @param isDone whether an answer with this body says that it is done */
async function submitted(
  addresses: SandboxAddresses,
  view: View,
  fields: Fields,
  isDone: (body: string) => boolean,
): Promise<string> {
  const { user, id } = view;
  const values = valuesOf(fields);
  const answer = await played(addresses, { kind: "view_submission", user, view: id, values });
  return unacknowledged(answer) ?? (isDone(answer.body ?? "") ? DONE_IN_SLACK : REFUSED);
}

/** Presses Deny, and submits the form that opens. @returns what the person learned, in a few words */
export async function denyInSlack(
  addresses: SandboxAddresses,
  refusals: SlackRefusals,
  person: string,
  { button, request }: { readonly button: SlackButton; readonly request: string },
): Promise<string> {
  const pressed = await press(addresses, refusals, person, button);
  if (pressed !== DONE_IN_SLACK) return pressed;
  const view = await openForm(
    addresses,
    userOf(person),
    "deny",
    ({ private_metadata }) => idIn(private_metadata) === request,
  );
  // The form is closed without a word where it is done.
  return view ? await submitted(addresses, view, {}, (body) => body.trim() === "") : REFUSED;
}

/** Opens the request form, chooses and submits. @returns what the person learned, in a few words */
export async function askByForm(
  addresses: SandboxAddresses,
  person: string,
  { cluster, access, seconds, reason }: FormTerms,
): Promise<string> {
  const user = userOf(person);
  const opened = await played(addresses, {
    kind: "shortcut",
    user,
    callback_id: "request_access",
  });
  const view = await openForm(addresses, user, "request");
  if (!view) return unacknowledged(opened) ?? REFUSED;
  const choices: Fields = { cluster, access: choiceOf(access) };
  for (const [action_id, value] of Object.entries(choices))
    await played(addresses, { kind: "block_actions", user, view: view.id, action_id, value });
  const fields = { ...choices, duration: `${seconds}s`, reason, ...namespacesOf(access) };
  return await submitted(addresses, view, fields, (body) => ASKED.test(body));
}

interface FormTerms {
  readonly cluster: string;
  readonly access: AskedAccess;
  readonly seconds: number;
  readonly reason: string;
}

/** The form shows what was asked for; a failure lies upon it. */
const ASKED = /"response_action":\s*"update"/;

/** The option of the form's second field. */
function choiceOf(access: AskedAccess): string {
  if ("groups" in access) throw new Error("Nobody asks for groups by the form.");
  return `${access.scope.type === "cluster" ? "c" : "n"}/${access.policy}`;
}

const namespacesOf = (access: AskedAccess): Fields =>
  "scope" in access && access.scope.type === "namespace"
    ? { namespaces: access.scope.namespaces.join(",") }
    : {};
