/** One person's view of the workspace, for the page in the browser. */
import type { JsonObject } from "./blocks/check.ts";
import { directChannel, type SlackUser } from "./directory.ts";
import type { SlackContext, StoredMessage } from "./state.ts";
import { shownView } from "./views.ts";

/** The newest messages, to a number that somebody would scroll through. */
const MOST_MESSAGES = 500;

const shownPerson = ({ id, name, realName, teamId, deleted, isBot, isRestricted }: SlackUser) => ({
  id,
  name,
  realName,
  teamId,
  deleted: deleted ?? false,
  isBot: isBot ?? false,
  isGuest: isRestricted ?? false,
});

const pageMessage = ({ channel, ts, user, text, blocks, edited, ...rest }: StoredMessage) => ({
  channel,
  ts,
  user,
  text,
  blocks,
  edited,
  threadTs: rest.threadTs ?? null,
  onlyForYou: rest.onlyFor !== undefined,
});

/** @param userId whose eyes it is seen with; somebody unknown sees nothing but the directory */
export function pageState(slack: SlackContext, userId: string): JsonObject {
  const { directory, store } = slack;
  const { state } = store;
  const channels = directory.channels.filter(({ members }) => members.includes(userId));
  const visible = new Set([...channels.map(({ id }) => id), directChannel(userId)]);
  const view = (id: string | undefined) => {
    const found = id === undefined ? undefined : state.views[id];
    return found ? shownView(slack, found) : null;
  };
  return {
    team: { id: directory.teamId, name: directory.teamName },
    app: { name: directory.app.name, userId: directory.app.userId },
    commands: directory.commands,
    shortcuts: directory.shortcuts,
    people: directory.users.map(shownPerson),
    channels: channels.map(({ id, name, isShared }) => ({ id, name, isShared })),
    directChannel: directChannel(userId),
    messages: state.messages
      .filter(
        ({ channel, onlyFor }) =>
          visible.has(channel) && (onlyFor === undefined || onlyFor === userId),
      )
      .slice(-MOST_MESSAGES)
      .map(pageMessage),
    modal: view(state.modals[userId]?.at(-1)),
    modalDepth: state.modals[userId]?.length ?? 0,
    home: view(state.homes[userId]),
  };
}
