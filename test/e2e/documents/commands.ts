/** The commands of a document's blocks, each as a shell would take it. */
import { spawnSync } from "node:child_process";

const BLOCK = /^( *)```(?:sh|bash)\n([\s\S]*?)^ *```$/gm;

/** Whether bash has the whole of a command: no loop, quotation or line is left open. */
const isWhole = (text: string): boolean =>
  !/\\\s*$/.test(text) && spawnSync("bash", ["-n"], { input: text }).status === 0;

/** The commands in a document's `sh` and `bash` blocks, in its order. A loop is one command. */
export const commandsIn = (document: string): readonly string[] =>
  [...document.matchAll(BLOCK)].flatMap(([, indent = "", block = ""]) => {
    const commands: string[] = [];
    let begun = "";
    for (const line of block.split("\n")) {
      begun += `${begun === "" ? "" : "\n"}${line.slice(indent.length)}`;
      if (begun.trim() === "" || !isWhole(begun)) continue;
      commands.push(begun);
      begun = "";
    }
    if (begun.trim() !== "") commands.push(begun);
    return commands;
  });
