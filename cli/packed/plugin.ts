/** The completion of `kubectl timelatch` in the packed command, which waits for each press of Tab. */
import type { CommandNode } from "../completion/command-tree.ts";
import { cachedValues, pluginCompletion } from "../completion/plugin-completion.ts";

/** The name of the part that has the tree of commands, in JSON. */
export const COMMAND_TREE = "command-tree";

/** @param tree in JSON @param words as kubectl hands them over, without the program's name */
export const completed = (tree: string, words: readonly string[]): string =>
  pluginCompletion(JSON.parse(tree) as CommandNode, words, cachedValues(process.env));
