/** The person's name, and the places where they can go. */
import { el } from "./dom.mjs";
import { avatar } from "./messages.mjs";

/** The newest message that was seen, by person and channel. */
const seen = new Map();

const newestIn = (app, channel) =>
  app.state.messages.filter((message) => message.channel === channel).at(-1)?.ts ?? "";

export function markSeen(app, channel) {
  seen.set(`${app.user} ${channel}`, newestIn(app, channel));
}

function unread(app, channel) {
  const last = seen.get(`${app.user} ${channel}`) ?? "";
  return app.state.messages.filter((each) => each.channel === channel && each.ts > last).length;
}

/** By channel, what the person has not seen: what the sidebar is drawn by. */
export const unreadCounts = (app) =>
  [...app.state.channels.map(({ id }) => id), app.state.directChannel].map((channel) =>
    channel === app.channel ? 0 : unread(app, channel),
  );

function entry(app, place, channel, label) {
  const count = channel === app.channel ? 0 : unread(app, channel);
  const members = {
    class: `${app.place === place ? "entry here" : "entry"}${count > 0 ? " unread" : ""}`,
    href: `#${app.user}/${place}`,
    // The person may have been changed since the link was drawn.
    onclick: (event) => {
      event.preventDefault();
      location.hash = `#${app.user}/${place}`;
    },
  };
  return el("a", members, label, count > 0 && el("span", { class: "unreadCount" }, String(count)));
}

const describe = ({ name, isGuest, isBot, deleted, teamId }, teamId0) => {
  const what = [
    isGuest && "guest",
    isBot && "bot",
    deleted && "deactivated",
    teamId !== teamId0 && `of ${teamId}`,
  ].filter(Boolean);
  return what.length > 0 ? `${name} (${what.join(", ")})` : name;
};

/** Bots click on nothing, and a deactivated account cannot sign in. */
const canAct = ({ isBot, deleted }) => !isBot && !deleted;

function chooser(app) {
  const { people, team } = app.state;
  const person = people.find(({ id }) => id === app.user);
  const select = el(
    "select",
    { "aria-label": "Act as" },
    ...people
      .filter(canAct)
      .map((each) => el("option", { value: each.id }, describe(each, team.id))),
  );
  select.value = app.user;
  select.addEventListener("change", () => {
    location.hash = `#${select.value}/${app.place}`;
  });
  return el(
    "label",
    { class: "chooser" },
    avatar(person, false),
    el("span", {}, "You are"),
    select,
  );
}

export function drawSidebar(app) {
  const { team, channels, app: own, directChannel } = app.state;
  return [
    el("div", { class: "team" }, team.name, el("small", {}, "Slack in the sandbox")),
    chooser(app),
    el("h2", {}, "Channels"),
    ...channels.map(({ id, name, isShared }) =>
      entry(app, id, id, `# ${name}${isShared ? " (shared)" : ""}`),
    ),
    el("h2", {}, "Apps"),
    entry(app, "messages", directChannel, own.name),
    entry(app, "home", "", `${own.name}: Home`),
  ];
}
