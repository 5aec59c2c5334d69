import { canBeWritten, type Directory, directChannel, directUser, userOf } from "../directory.ts";
import { SlackError } from "../slack-error.ts";

/**
 * The channel that the app may write to: `C…`, `D…`, or the direct messages of a `U…`.
 * @throws SlackError `channel_not_found`, `not_in_channel`, `is_archived`
 */
export function writableChannel(directory: Directory, id: string): string {
  const person = userOf(directory, id) ?? directUser(directory, id);
  if (person) {
    // Inferred: the page of chat.postMessage names no other error for such a person.
    if (!canBeWritten(directory, person)) throw new SlackError("channel_not_found");
    return directChannel(person.id);
  }
  const channel = directory.channels.find((each) => each.id === id);
  const isMember = channel?.members.includes(directory.app.userId) ?? false;
  // A private channel is unknown to everybody outside it.
  if (!channel || (channel.isPrivate && !isMember)) throw new SlackError("channel_not_found");
  if (!isMember) throw new SlackError("not_in_channel");
  if (channel.isArchived) throw new SlackError("is_archived");
  return channel.id;
}
