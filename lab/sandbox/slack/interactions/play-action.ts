import { SlackError } from "../slack-error.ts";
import { closeModals } from "../views.ts";
import { acknowledge } from "./acknowledgement.ts";
import { appRequest } from "./app-request.ts";
import { type DeliverOptions, type Delivery, deliver } from "./deliver.ts";
import type { Surroundings } from "./place.ts";
import type { UserAction } from "./user-action.ts";

/** The app's answer, and its effect. */
export type PlayedAction = Partial<Delivery> & {
  /** The app's errors by field of the form. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The options of an external select. */
  readonly options?: unknown;
  /** Details of `error`. */
  readonly messages?: readonly string[];
};

export interface PlayOptions extends Surroundings, Omit<DeliverOptions, "signingSecret" | "now"> {
  /** The signing secret as it is now. @throws where nobody has put one */
  readonly signingSecret: () => string;
}

/** An app hears that a form was closed where its view asks for it. */
const wantsToKnow = ({ slack }: PlayOptions, viewId: string) =>
  slack.store.state.views[viewId]?.content["notify_on_close"] === true;

/**
 * Lets somebody act: sends the signed request and shows them the answer.
 * @throws InvalidAction where the person could not do that
 */
export async function playAction(options: PlayOptions, action: UserAction): Promise<PlayedAction> {
  if (action.kind === "view_closed" && !wantsToKnow(options, action.view)) {
    closeModals(options.slack, action.user, "top");
    return {};
  }
  const request = appRequest(options, action);
  const delivery = await deliver(
    { appUrl: options.appUrl, signingSecret: options.signingSecret(), now: options.slack.now },
    request,
  );
  if (delivery.error !== undefined) return delivery;
  try {
    return { ...delivery, ...acknowledge(options.slack, action, delivery) };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { ...delivery, error: error.code, messages: error.messages };
  }
}
