/**
 * `npm run transcripts`: plays the demo and the walkthrough, and writes what they print into
 * docs/demo.svg and docs/walkthrough.md. A part that still has the shape of the last run stays as
 * it is.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runScript } from "../lab/command-line.ts";
import { passagesOf, withPassages } from "./transcripts/console-blocks.ts";
import { CONSOLE_PICTURE, takeConsolePicture } from "./transcripts/console-picture.ts";
import { demoPicture, pictureText } from "./transcripts/demo-picture.ts";
import { play } from "./transcripts/play.ts";
import { REPORT_PICTURE, takeReportPicture } from "./transcripts/report-picture.ts";
import { startSandboxSession } from "./transcripts/sandbox-session.ts";
import { shapeOf } from "./transcripts/shape.ts";
import { GALLERY, takeSlackGallery } from "./transcripts/slack-gallery-pictures.ts";
import { SLACK_PICTURES, takeSlackPictures } from "./transcripts/slack-pictures.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const PICTURE = "docs/demo.svg";
const WALKTHROUGH = "docs/walkthrough.md";
const HELP = `npm run transcripts [-- --slack | --gallery | --report | --console]

Plays the demo and the commands of ${WALKTHROUGH} in sandboxes of their own, and writes what
they print into ${PICTURE} and ${WALKTHROUGH}. Takes about three minutes.

  --slack   instead, ask for access on Slack's page in Chromium, and take ${SLACK_PICTURES.form}
            and ${SLACK_PICTURES.message}
  --gallery instead, draw every message and view of Slack, and write the pictures of ${GALLERY}
  --console instead, have bob look at a request in the console, and take ${CONSOLE_PICTURE}
  --report  instead, make an audit report in a sandbox, and take ${REPORT_PICTURE}
  --help    print this
`;

const OPTIONS = {
  slack: { type: "boolean", default: false },
  gallery: { type: "boolean", default: false },
  report: { type: "boolean", default: false },
  console: { type: "boolean", default: false },
} as const;

/** Writes the file unless it has the same shape already. */
function renew(file: string, text: string, shape: (text: string) => string): void {
  const target = path.join(ROOT, file);
  const holds = existsSync(target) && shape(readFileSync(target, "utf8")) === shape(text);
  if (!holds) writeFileSync(target, text);
  process.stdout.write(`${file}: ${holds ? "still holds" : "written"}\n`);
}

async function demoOutput(): Promise<string> {
  const demo = spawn(process.execPath, ["lab/sandbox/demo/main.ts"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  demo.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const [code] = await once(demo, "close");
  if (code !== 0)
    throw new Error(`The demo ended with exit status ${code}; nothing was written:\n${text}`);
  return text;
}

async function walkthrough(): Promise<string> {
  const document = readFileSync(path.join(ROOT, WALKTHROUGH), "utf8");
  const session = await startSandboxSession();
  try {
    const played = await play(passagesOf(document), session, () => new Date());
    return withPassages(document, played);
  } finally {
    await session.stop();
  }
}

await runScript({ script: "transcripts", help: HELP, options: OPTIONS }, async ({ values }) => {
  if (values.slack) {
    await takeSlackPictures();
    process.stdout.write(`${Object.values(SLACK_PICTURES).join(" and ")}: written\n`);
    return 0;
  }
  if (values.gallery) {
    process.stdout.write(`${(await takeSlackGallery()).join("\n")}\n`);
    return 0;
  }
  if (values.console) {
    await takeConsolePicture();
    process.stdout.write(`${CONSOLE_PICTURE}: written\n`);
    return 0;
  }
  if (values.report) {
    await takeReportPicture();
    process.stdout.write(`${REPORT_PICTURE}: written\n`);
    return 0;
  }
  renew(PICTURE, demoPicture(await demoOutput()), (svg) => shapeOf(pictureText(svg)));
  renew(WALKTHROUGH, await walkthrough(), shapeOf);
  return 0;
});
