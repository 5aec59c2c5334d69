/** The page of `timelatch console`. */
import "@cloudscape-design/global-styles/index.css";
import "./page.css";
import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { createRoot } from "react-dom/client";
import { App } from "./frame/app.tsx";
import { Foreign } from "./frame/foreign.tsx";

/** Dark mode follows the system. */
function followSystem(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => applyMode(dark.matches ? Mode.Dark : Mode.Light);
  dark.addEventListener("change", apply);
  apply();
}

followSystem();
const root = document.getElementById("root");
// A worker of whoever had the port before could read and change everything here.
// A browser that has no workers says nothing of them.
const isForeign = (navigator.serviceWorker?.controller ?? null) !== null;
if (root) createRoot(root).render(isForeign ? <Foreign /> : <App />);
