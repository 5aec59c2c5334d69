import path from "node:path";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { answer, type Context, remark } from "../context.ts";
import { type RunNode, runNode } from "../deployment/run-node.ts";
import { largeTemplates, stackDocument, stacksText } from "../deployment/stacks-text.ts";
import { ASSEMBLY, synthesize } from "../deployment/synthesize.ts";
import { openWorkingFolder } from "../deployment/working-folder.ts";

/**
 * `timelatch synth`: makes the stacks of a working directory, and says what they are. It needs no network and no
 * credentials.
 *
 * @throws Failure `usage` where it is no such directory; `faulty` where the stacks cannot be synthesized
 */
export async function synth(
  context: Context,
  folder: string,
  run: RunNode = runNode,
): Promise<void> {
  const { stacks, remarks } = await synthesize(context, await openWorkingFolder(folder), run);
  const { out, err } = context.screen;
  if (remarks !== "") remark(context, `${remarks}\n`);
  remark(context, largeTemplates(stacks, err.columns));
  answer(context, { folder, assembly: ASSEMBLY, stacks: stacks.map(stackDocument) }, () =>
    stacksText(stacks, out),
  );
  remark(context, `Wrote ${visible(path.join(folder, ASSEMBLY))}. Next: timelatch deploy\n`);
}
