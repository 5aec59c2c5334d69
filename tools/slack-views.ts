/** Every window that Slack shows, and App Home, as Block Kit: of a broker in memory, for the gallery. */
import { aPolicy } from "../lab/fakes/builders.ts";
import { memoryBroker } from "../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../lab/fakes/memory-standing-store.ts";
import type { Json } from "../shared/slack/blocks.ts";
import { openForm } from "../shared/slack/front/asking.ts";
import { denyForm } from "../shared/slack/front/deny-form.ts";
import { detailsModal } from "../shared/slack/front/details.ts";
import { extendForm } from "../shared/slack/front/extend-form.ts";
import { publishHome } from "../shared/slack/front/home.ts";
import { lessForm } from "../shared/slack/front/less-form.ts";
import { reviewForm } from "../shared/slack/front/review-form.ts";

interface GalleryView {
  readonly name: string;
  readonly view: Json;
}

const CHOSEN = {
  cluster: "prod",
  access: "n/AmazonEKSEditPolicy",
  namespaces: "payments-api",
  duration: "1h",
  reason: "INC-4711 stuck rollout",
};

/** The views of alice, who asks, and of bob, who decides. */
export async function slackViews(): Promise<readonly GalleryView[]> {
  const broker = memoryBroker({ policy: aPolicy() });
  const opened: Json[] = [];
  const web = {
    call: async (_method: string, { view }: Json) => {
      opened.push(view as Json);
      return {};
    },
  };
  const people = { membershipOf: async () => "member" as const, organisationOf: async () => null };
  const front = { ...broker.front, standing: memoryStandingStore(), web, people };
  const view = async (name: string, open: () => Promise<unknown>): Promise<GalleryView> => {
    await open();
    return { name, view: opened.at(-1) ?? {} };
  };
  const form = await view("ask", () => openForm(front, broker.actor("alice"), ""));
  const chosen = await view("ask-chosen", () => openForm(front, broker.actor("alice"), "", CHOSEN));
  const nothing = await view("home-empty", () => publishHome(front, broker.actor("bob"), ""));
  const grant = await broker.activeGrant();
  const asked = await broker.ask({ durationSeconds: 1_800, reason: "INC-4712 a second rollout" });
  return [
    form,
    chosen,
    { name: "less", view: lessForm(asked) },
    { name: "deny", view: denyForm(asked) },
    { name: "extend", view: extendForm(grant) },
    { name: "review", view: reviewForm(grant) },
    { name: "details", view: detailsModal(front, grant) },
    nothing,
    await view("home-of-alice", () => publishHome(front, broker.actor("alice"), "")),
    await view("home-of-bob", () => publishHome(front, broker.actor("bob"), "")),
  ];
}
