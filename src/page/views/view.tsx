import type { ComponentChildren } from "preact";
import { Title } from "../parts/title.tsx";
import { parts } from "../router.ts";
import { mayRead } from "../state/session.ts";
import { About } from "./about.tsx";
import { Board } from "./board/board.tsx";
import { DriftView } from "./drift/drift-view.tsx";
import { Notices } from "./notices.tsx";
import { PipelineView } from "./pipeline/pipeline-view.tsx";
import { PipelineSlaView } from "./sla/pipeline-sla-view.tsx";
import { SlaView } from "./sla/sla-view.tsx";

/** What the address names. */
export function View(): ComponentChildren {
  const [first = "", name = "", tab = "", feature_name] = parts.value;
  if (first === "about") return <About />;
  if (!mayRead.value) return <MayNotRead />;
  if (first === "") return <Board />;
  if (first === "sla") return <SlaView />;
  if (first === "notices") return <Notices />;
  if (first === "pipelines" && name !== "") {
    if (tab === "") return <PipelineView key={name} pipeline_name={name} />;
    if (tab === "sla") return <PipelineSlaView key={name} pipeline_name={name} />;
    if (tab === "drift") return <DriftView key={name} pipeline_name={name} feature_name={feature_name ?? null} />;
  }
  return (
    <>
      <Title text="There is nothing here" />
      <p>
        <a href="/">To the board</a>
      </p>
    </>
  );
}

function MayNotRead() {
  return (
    <>
      <Title text="This key may not read" />
      <p>The API key in use has not the role read, so there is nothing to show. Sign out, and in with another one.</p>
    </>
  );
}
