/** The second grant, asked for and approved in Slack. */
import { untilActive } from "./grant-times.ts";
import { CLUSTER, type Medium, SECOND } from "./scene.ts";
import type { SlackDesk } from "./slack-desk.ts";

export const slackMedium = (slack: SlackDesk): Medium => ({
  title: "alice and bob use Slack",
  async lend(scene, show, seconds) {
    const command = `${CLUSTER} edit ${SECOND.namespace} ${seconds}s ${SECOND.reason}`;
    await show(slack.command("alice", command));
    const asked = await slack.question(SECOND.namespace);
    await show(slack.approve("bob", asked));
    const times = await untilActive(scene, asked.requestId);
    await show(slack.says(asked, "alice can edit"));
    return times;
  },
});
