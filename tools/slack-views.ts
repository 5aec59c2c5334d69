/** Every window that Slack shows, and App Home, as Block Kit: of a broker in memory, for the gallery. */
import { policyWithGlass } from "../lab/fakes/glass-policy.ts";
import { memoryBroker } from "../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../lab/fakes/memory-standing-store.ts";
import type { ActivitySummary } from "../shared/domain/evidence/activity/activity-summary.ts";
import type { Actor } from "../shared/domain/policy/actor.ts";
import type { Ask } from "../shared/domain/requests/ask.ts";
import { type Json, modal, plain, section } from "../shared/slack/blocks.ts";
import { openForm } from "../shared/slack/front/asking.ts";
import { onCommand } from "../shared/slack/front/commands.ts";
import { denyForm } from "../shared/slack/front/deny-form.ts";
import { detailsModal } from "../shared/slack/front/details.ts";
import { escalateForm } from "../shared/slack/front/escalate.ts";
import { extendForm } from "../shared/slack/front/extend-form.ts";
import { glassForm } from "../shared/slack/front/glass-form.ts";
import { publishHome } from "../shared/slack/front/home.ts";
import { lessForm } from "../shared/slack/front/less-form.ts";
import { reviewForm } from "../shared/slack/front/review-form.ts";
import type { SlackFront } from "../shared/slack/front/slack-front.ts";
import type { CommandPayload } from "../shared/slack/payloads.ts";
import { endAllConfirm } from "../shared/slack/texts/end-all-texts.ts";

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

const USED: ActivitySummary = {
  state: "read",
  from: "2026-11-24T10:00:04.000Z",
  until: "2026-11-24T10:30:12.000Z",
  query: null,
  scannedBytes: 81_920,
  counts: [
    { verb: "list", resource: "pods", namespace: "payments-api", outcome: "allowed", count: 12 },
    {
      verb: "patch",
      resource: "deployments.apps",
      namespace: "payments-api",
      outcome: "allowed",
      count: 1,
    },
  ],
  firstAt: "2026-11-24T10:01:30.000Z",
  lastAt: "2026-11-24T10:21:09.000Z",
  streams: [],
  leftBehind: [],
  isCut: false,
};

const GLASS: Ask = {
  cluster: "prod",
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
  reason: "INC-4711 nothing answers",
  principalArn: null,
  startsAt: null,
  rule: null,
};

/** The answer to `/access list`. */
const listOf = (front: SlackFront, actor: Actor) =>
  onCommand(front, { actor, payload: { text: "list", trigger_id: "" } as CommandPayload });

/** A button's question, which Slack draws as a window. */
const dialogOf = ({ title, text, confirm, deny }: ReturnType<typeof endAllConfirm>): Json =>
  modal(title, [section([text])], { submit: plain(confirm, "title"), close: plain(deny, "title") });

/** The views of alice, who asks, and of bob, who decides. */
export async function slackViews(): Promise<readonly GalleryView[]> {
  const broker = memoryBroker({ policy: policyWithGlass() });
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
    { name: "review", view: reviewForm(grant, USED) },
    { name: "break-glass", view: (await glassForm(front, broker.actor("carol"), GLASS)) ?? {} },
    {
      name: "escalate",
      view: escalateForm(front, { actor: broker.actor("alice") }, asked),
    },
    { name: "end-all", view: dialogOf(endAllConfirm([grant])) },
    { name: "details", view: detailsModal(front, grant) },
    nothing,
    await view("home-of-alice", () => publishHome(front, broker.actor("alice"), "")),
    await view("home-of-bob", () => publishHome(front, broker.actor("bob"), "")),
    { name: "list", view: (await listOf(front, broker.actor("alice"))) ?? {} },
  ];
}
