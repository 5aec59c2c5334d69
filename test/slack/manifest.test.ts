/** The app's manifest, against the rules of Slack's manifest schema and what the code expects. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod/mini";
import { SLACK_WORKSPACE } from "../../lab/sandbox/world/slack-workspace.ts";
import { MESSAGE_EVENT } from "../../shared/slack/posted-payload.ts";
import { SLACK_ROUTES } from "../../shared/slack/slack-routes.ts";

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const Address = z.string().check(z.regex(/^https:\/\/[^/\s]+\/slack\/[a-z]+$/), z.maxLength(3_000));

/** https://docs.slack.dev/reference/app-manifest, as far as it is used. Unknown keys are errors. */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: text(35),
    description: text(140),
    background_color: z.string().check(z.regex(/^#([0-9a-fA-F]{3}){1,2}$/)),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({
      display_name: z.string().check(z.regex(/^[a-z0-9\-_.]{1,80}$/)),
      always_online: z.boolean(),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().check(z.regex(/^\/[a-z0-9-]{1,31}$/)),
          url: Address,
          description: text(2_000),
          usage_hint: text(1_000),
          should_escape: z.boolean(),
        }),
      )
      .check(z.maxLength(50)),
    shortcuts: z
      .array(
        z.strictObject({
          name: text(24),
          type: z.enum(["global", "message"]),
          callback_id: text(255),
          description: text(150),
        }),
      )
      .check(z.maxLength(10)),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: Address,
      bot_events: z.array(z.string()),
      metadata_subscriptions: z.array(
        z.strictObject({
          app_id: z.string().check(z.regex(/^(\*|A[A-Z0-9]+)$/)),
          event_type: z.string().check(z.regex(/^[A-Za-z0-9_-]+$/)),
        }),
      ),
    }),
    interactivity: z.strictObject({
      is_enabled: z.boolean(),
      request_url: Address,
      message_menu_options_url: Address,
    }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

const written: unknown = parse(readFileSync("slack/manifest.yaml", "utf8"));
const manifest = Manifest.parse(written);

describe("The manifest of the Slack app", () => {
  it("The manifest keeps Slack's rules, and has no key that is not checked", () => {
    expect(Manifest.safeParse(written).error?.issues ?? []).toEqual([]);
  });

  it("The manifest names every route of the stack, and no other", () => {
    const { event_subscriptions: events, interactivity } = manifest.settings;
    const addresses = [
      ...manifest.features.slash_commands.map(({ url }) => url),
      interactivity.request_url,
      interactivity.message_menu_options_url,
      events.request_url,
    ];
    const paths = addresses.map((address) => new URL(address).pathname);
    expect(paths).toEqual(SLACK_ROUTES.map((route) => `/slack/${route}`));
    expect(new Set(addresses.map((address) => new URL(address).host)).size).toBe(1);
  });

  it("The app has the command, the shortcut and the event that the code answers", () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(["/access"]);
    expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual([
      "request_access",
    ]);
    const { event_subscriptions: events } = manifest.settings;
    expect(events.bot_events).toEqual(["app_home_opened", "message_metadata_posted"]);
    expect(events.metadata_subscriptions).toEqual([{ app_id: "*", event_type: MESSAGE_EVENT }]);
  });

  it("The app may not read messages, people's e-mail addresses or files", () => {
    expect(manifest.oauth_config.scopes.bot).toEqual([
      "commands",
      "chat:write",
      "users:read",
      "metadata.message:read",
    ]);
  });

  it("The sandbox's Slack knows the app as the manifest has it", () => {
    const { scopes, events, metadataSubscriptions } = SLACK_WORKSPACE.app;
    const { bot_events, metadata_subscriptions } = manifest.settings.event_subscriptions;
    expect(scopes).toEqual(manifest.oauth_config.scopes.bot);
    expect(events).toEqual(bot_events);
    expect(metadataSubscriptions).toEqual(
      metadata_subscriptions.map(({ app_id: app, event_type: eventType }) => ({ app, eventType })),
    );
  });

  it("A command's text is escaped, and direct messages have a tab that nobody writes in", () => {
    const { app_home, slash_commands } = manifest.features;
    expect(slash_commands.every(({ should_escape }) => should_escape)).toBe(true);
    expect(app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    });
  });
});
